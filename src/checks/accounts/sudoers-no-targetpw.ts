import { letsEverybody, type SudoersEntry, withoutOption } from '../../formats/sudoers.ts';
import type { Change, Check, Facts, Finding, Looked, SudoersLine } from '../../model.ts';
import { judge } from '../answer.ts';
import { remedy } from '../fixable.ts';
import { lisa, suseArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const option = 'targetpw';

function asksTarget(entry: SudoersEntry): boolean {
  return entry.is === 'defaults' && entry.options.some(({ name, off }) => name === option && !off);
}

/** The line without the option, or commented out where it holds nothing else. An entry over several lines is for a person. */
function lineWants({ file, entry }: SudoersLine): Change[] {
  const { line, text } = entry;
  if (entry.lines > 1 || (entry.is === 'defaults' && entry.scoped)) return [];
  const rest = entry.is === 'defaults' ? withoutOption(text, option) : undefined;
  return [
    rest === undefined
      ? { kind: 'line-off', path: file, line, text }
      : { kind: 'line', path: file, line, text, to: rest },
  ];
}

function findingFor(facts: Facts, one: SudoersLine, says: string): Finding {
  const { main, visudo } = facts.accounts.sudoers;
  const wants = lineWants(one);
  const proof: Change[] =
    wants.length > 0 && main !== undefined && visudo !== undefined
      ? [{ kind: 'sudoers-valid', visudo, path: main }]
      : [];
  return {
    about: `${one.file} line ${one.entry.line}`,
    says,
    evidence: [{ path: one.file, line: one.entry.line, text: one.entry.text }],
    ...remedy(facts, [...wants, ...proof], `visudo -f ${one.file}: comment the entry at line ${one.entry.line} out`),
  };
}

function look(facts: Facts): Looked {
  const { main, lines } = facts.accounts.sudoers;
  if (main === undefined) return { is: 'not-applicable', why: 'there is no sudoers file' };
  const asking = lines.filter(({ entry }) => asksTarget(entry));
  const findings = asking.map((one) =>
    findingFor(facts, one, `sudo asks for the password of the target account (${option}), and an image has none`),
  );
  // Without targetpw the rule that goes with it would let every account do everything.
  if (asking.length > 0)
    for (const one of lines.filter(({ entry }) => letsEverybody(entry)))
      findings.push(findingFor(facts, one, `the rule that goes with ${option} lets every account do everything`));
  const doubts = [
    ...unread(facts, /\/sudoers(\.d\/|$)/),
    ...lines
      .filter(({ entry }) => entry.is === 'unknown')
      .map(({ file, entry }) => ({ about: `${file} line ${entry.line}`, why: 'it is no entry that sudo knows' })),
  ];
  return judge(findings, doubts, `sudo asks for the caller's own password (${main})`);
}

export const sudoersNoTargetpw: Check = {
  id: 'sudoers-no-targetpw',
  area: 'accounts',
  title: 'sudo does not ask for the password of root',
  severity: 'must',
  why: 'In an image root has no password, so with targetpw nobody can become root; the rule that goes with it opens everything.',
  source: [suseArticle, lisa('verify_default_targetpw')],
  fix: {
    all: '`Defaults targetpw` and `ALL ALL=(ALL) ALL` are commented out together, and `visudo -c` must agree before the run is done.',
  },
  look,
};
