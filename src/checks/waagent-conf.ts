import type { Change, Facts, Finding, Looked, Policy } from '../model.ts';
import { leftAlone } from './answer.ts';
import type { ConfRule } from './conf-rules.ts';
import { realPath, remedy } from './fixable.ts';
import { agentSettings } from './provisioner.ts';

/** Answers for a guest without agent or with an unreadable file, and where the agent is left alone; undefined: go on. */
export function beforeConf(facts: Facts, policy: Policy): Looked | undefined {
  if (policy.mode === 'specialized') return leftAlone;
  return withoutConf(facts);
}

/** Answers for a guest without agent or with an unreadable file. */
export function withoutConf(facts: Facts): Looked | undefined {
  const { program, settings, conf } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  if (settings.is === 'absent') return { is: 'not-applicable', why: `there is no ${conf}: see agent-installed` };
  if (settings.is === 'unreadable') return { is: 'unknown', why: `${conf}: ${settings.why}` };
  return undefined;
}

/** The want that a key should say this; null: nothing. */
export function settingWant(facts: Facts, key: string, value: string | null): Change {
  return { kind: 'setting', path: realPath(facts, facts.agent.waagent.conf), as: 'waagent', key, value };
}

/** Compares the file with the rules; one finding for each key that differs. `more` are wants that go with a key's change. */
export function confFindings(
  facts: Facts,
  rules: readonly ConfRule[],
  more: (rule: ConfRule) => readonly Change[] = () => [],
): Finding[] {
  const { conf } = facts.agent.waagent;
  const settings = agentSettings(facts);
  return rules
    .filter((rule) => !rule.holds(settings[rule.key]?.value))
    .map((rule): Finding => {
      const now = settings[rule.key];
      return {
        about: rule.key,
        says: `${rule.key} is ${now === undefined ? 'not set' : now.value || 'empty'}, not ${rule.value}: ${rule.because}`,
        severity: rule.severity,
        evidence: [now?.at ?? { path: conf }, ...(rule.beside ?? [])],
        ...remedy(
          facts,
          [settingWant(facts, rule.key, rule.value), ...more(rule)],
          `set ${rule.key}=${rule.value} in ${conf}`,
        ),
      };
    });
}
