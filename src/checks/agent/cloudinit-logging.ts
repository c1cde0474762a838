import type { Check, Facts, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { beforeCloudInit, cloudDoubts, cloudSetting, dropInFolder } from '../cloud-config.ts';
import { remedy } from '../fixable.ts';
import { articleNow, rhelArticle } from '../sources.ts';

const content = "output: {all: '| tee -a /var/log/cloud-init-output.log'}\n";
const usual: GuestPath = `${dropInFolder}/05_logging.cfg`;
/** Where the package has a file of the usual name, which says other things. */
const own: GuestPath = `${dropInFolder}/06-azure_logging.cfg`;

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeCloudInit(facts, policy);
  if (before !== undefined) return before;
  const doubts = cloudDoubts(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const output = cloudSetting(facts, 'output');
  if (output !== undefined) return { is: 'pass', says: `${output.at.path} says where the output of cloud-init goes` };
  const path = facts.agent.cloudInit.files.includes(usual) ? own : usual;
  return {
    is: 'fail',
    findings: [
      {
        about: path,
        says: 'the output of what cloud-init runs goes nowhere, so a failed first boot leaves little to read',
        evidence: [],
        ...remedy(
          facts,
          [{ kind: 'file', path, is: { content, mode: 0o644 } }],
          `write "${content.trim()}" to ${path}`,
        ),
      },
    ],
  };
}

export const cloudinitLogging: Check = {
  id: 'cloudinit-logging',
  area: 'agent',
  title: 'What cloud-init runs is logged',
  severity: 'info',
  why: 'The log and the serial console are all there is to find out why a machine was not set up.',
  source: [articleNow, rhelArticle],
  fix: { all: 'apply: a file of its own in /etc/cloud/cloud.cfg.d; what is there stays' },
  look,
};
