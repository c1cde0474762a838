import type { Change, Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { confRules, deadKeys } from '../conf-rules.ts';
import { lineOff, remedy } from '../fixable.ts';
import { agentSettings } from '../provisioner.ts';
import { waagent } from '../sources.ts';
import { beforeConf, settingWant } from '../waagent-conf.ts';

type Fault = Facts['agent']['waagent']['confFaults'][number];

/** Keys that decide whether a new machine is set up, as the agent spells them; elsewhere a misread line is a nuisance. */
const vital = [
  ...['Agent', 'Enabled', 'UseCloudInit', 'DeleteRootPassword', 'RegenerateSshHostKeyPair'].map(
    (key) => `Provisioning.${key}`,
  ),
  ...['Format', 'Filesystem', 'MountPoint', 'EnableSwap', 'SwapSizeMB'].map((key) => `ResourceDisk.${key}`),
  ...['Enabled', 'UpdateToLatestVersion'].map((key) => `AutoUpdate.${key}`),
];

function spelt(key: string): string | undefined {
  return vital.find((one) => one.toLowerCase() === key.toLowerCase());
}

/** What was meant, where that is plain: quotes and upper case are not part of a value, and people write yes for y. */
function meant(value: string): string | undefined {
  const bare = value.replace(/["']|\xe2\x80[\x98-\x9f]/g, '').trim();
  if (/^(y|yes|true|on|enabled)$/i.test(bare)) return 'y';
  if (/^(n|no|false|off|disabled)$/i.test(bare)) return 'n';
  return /^[\w./-]+$/.test(bare) && bare !== value ? bare : undefined;
}

function wantsFor(facts: Facts, policy: Policy, { key, at }: Fault): Change[] {
  const right = spelt(key);
  if (right !== undefined && right !== key) {
    // The agent ignores this line, and a person is misled by it.
    const off = lineOff(facts, at);
    return off === undefined ? [] : [off];
  }
  const now = agentSettings(facts)[key]?.value;
  if (deadKeys(facts).includes(key)) return [settingWant(facts, key, null)];
  // Where another rule has a say about the key, its value is wanted here too: two wants for one key would contradict.
  const ruled = confRules(facts, policy).find((rule) => rule.key === key && !rule.holds(now))?.value;
  const value = ruled ?? (now === undefined ? undefined : (meant(now) ?? (isPlain(now) ? now : undefined)));
  return value === undefined ? [] : [settingWant(facts, key, value)];
}

/** A value that the agent reads as it is written. */
function isPlain(value: string): boolean {
  return /^[\w./-]*$/.test(value);
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const { confFaults, conf } = facts.agent.waagent;
  const findings = confFaults.map(
    (fault): Finding => ({
      about: fault.key,
      says: fault.says,
      ...(spelt(fault.key) ? {} : { severity: 'should' as const }),
      evidence: [fault.at],
      ...remedy(
        facts,
        wantsFor(facts, policy, fault),
        `write the line plainly in ${conf}: Key=value, no quotes, y or n, once`,
      ),
    }),
  );
  return judge(findings, [], `the agent reads ${conf} as it is written`);
}

export const waagentConfParse: Check = {
  id: 'waagent-conf-parse',
  area: 'agent',
  title: 'The agent reads its configuration as it is meant',
  severity: 'must',
  why: 'The agent ignores keys in the wrong case and takes every value that it does not understand for its default, without a word.',
  source: [waagent],
  fix: { all: 'apply: the line is rewritten as the agent reads it' },
  look,
};
