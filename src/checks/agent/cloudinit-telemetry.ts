import { splitLines } from '../../formats/lines.ts';
import type { Change, Check, Evidence, Facts, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { beforeCloudInit, cloudDoubts, cloudFiles, cloudSetting, dropInFolder } from '../cloud-config.ts';
import { realPath, remedy } from '../fixable.ts';
import { cloudInit, ubuntuArticle } from '../sources.ts';

const own: GuestPath = `${dropInFolder}/10-azure-kvp.cfg`;
const content = 'reporting:\n  logging:\n    type: log\n  telemetry:\n    type: hyperv\n';

/** The key as an article has it, which cloud-init does not know. */
function misspelt(facts: Facts): { at: Evidence; text: string } | undefined {
  for (const { path, text } of cloudFiles(facts)) {
    const lines = splitLines(text);
    const found = lines.findIndex((line) => /^Reporting[ \t]*:/.test(line.text));
    const line = lines[found]?.text;
    if (line !== undefined) return { at: { path, line: found + 1, text: line.trim() }, text: line };
  }
  return undefined;
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeCloudInit(facts, policy);
  if (before !== undefined) return before;
  const doubts = cloudDoubts(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const handlers = cloudSetting(facts, 'reporting')?.node;
  const isThere =
    handlers?.is === 'map' &&
    handlers.entries.some(({ key }) => {
      const type = cloudSetting(facts, 'reporting', key, 'type')?.node;
      return type?.is === 'text' && type.text === 'hyperv';
    });
  if (isThere) return { is: 'pass', says: 'cloud-init reports its progress to the host' };
  const wrong = misspelt(facts);
  const want: Change =
    wrong?.at.line === undefined
      ? { kind: 'file', path: own, is: { content, mode: 0o644 } }
      : {
          kind: 'line',
          path: realPath(facts, wrong.at.path),
          line: wrong.at.line,
          text: wrong.text,
          to: wrong.text.replace(/^R/, 'r'),
        };
  const isFree = wrong !== undefined || !facts.agent.cloudInit.files.includes(own);
  return {
    is: 'fail',
    findings: [
      {
        about: wrong?.at.path ?? own,
        says:
          wrong === undefined
            ? 'cloud-init does not report its progress to the host'
            : 'cloud-init knows reporting in lower case only, and ignores this',
        evidence: wrong === undefined ? [] : [wrong.at],
        ...remedy(facts, isFree ? [want] : [], `have ${own} say reporting: {telemetry: {type: hyperv}}`),
      },
    ],
  };
}

export const cloudinitTelemetry: Check = {
  id: 'cloudinit-telemetry',
  area: 'agent',
  title: 'cloud-init reports its progress to the host',
  severity: 'info',
  why: 'Support sees through the key-value channel of Hyper-V where the set-up of a machine stopped.',
  source: [ubuntuArticle, cloudInit],
  fix: { all: 'apply: /etc/cloud/cloud.cfg.d/10-azure-kvp.cfg; a key in the wrong case is corrected where it stands' },
  look,
};
