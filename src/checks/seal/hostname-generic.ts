import { readIniLines } from '../../formats/ini-lines.ts';
import { splitLines } from '../../formats/lines.ts';
import type { Check, Evidence, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { atSeal } from '../at-seal.ts';
import { textOf } from '../fixable.ts';
import { waagent } from '../sources.ts';
import { unread } from '../unread.ts';

/** Where systems of all ages keep their name: the whole file, but for Red Hat's of release 6. */
const nameFiles: readonly GuestPath[] = ['/etc/hostname', '/etc/HOSTNAME'];
const settings: GuestPath = '/etc/sysconfig/network';
const hosts: GuestPath = '/etc/hosts';

interface Name {
  readonly name: string;
  readonly at: Evidence;
}

function names(facts: Facts): Name[] {
  const whole = nameFiles.flatMap((path): Name[] => {
    const lines = splitLines(textOf(facts, path) ?? '').map(({ text }) => text.trim());
    const at = lines.findIndex((text) => text !== '' && !text.startsWith('#'));
    const name = lines[at];
    return name === undefined ? [] : [{ name, at: { path, line: at + 1, text: name } }];
  });
  const set = readIniLines(textOf(facts, settings) ?? '').findLast(({ key }) => key === 'HOSTNAME');
  if (set === undefined) return whole;
  const name = set.value.replaceAll(/["']/g, '');
  return [...whole, { name, at: { path: settings, line: set.line, text: set.text } }];
}

const isGeneric = (name: string) => /^(localhost(\.localdomain|4|6)?)?$/.test(name);

/** Lines of /etc/hosts that give a name an address, by itself or with its domain. */
function mapped(facts: Facts, own: readonly string[]): Finding[] {
  return splitLines(textOf(facts, hosts) ?? '').flatMap(({ text }, at): Finding[] => {
    const [, ...words] = text.replace(/#.*/, '').trim().split(/\s+/);
    const name = own.find((one) => words.some((word) => word === one || word.split('.')[0] === one));
    if (name === undefined) return [];
    return [
      {
        about: hosts,
        says: `gives the name ${name} of this machine an address`,
        evidence: [{ path: hosts, line: at + 1, text: text.trim() }],
        wants: [],
        advice: `take ${name} out of line ${at + 1} of ${hosts}: new machines get names of their own`,
      },
    ];
  });
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const own = names(facts).filter(({ name }) => !isGeneric(name));
  const traces = own.map(({ name, at }) =>
    atSeal(facts, { about: at.path, says: `the machine is called ${name}`, evidence: [at] }),
  );
  const doubts = unread(facts, /^\/etc\/(hostname|HOSTNAME|hosts|sysconfig\/network)$/);
  const short = own.flatMap(({ name }) => [name, name.split('.')[0] ?? name]);
  return judge([...traces, ...mapped(facts, [...new Set(short)])], doubts, 'no file holds a name of this machine');
}

export const hostnameGeneric: Check = {
  id: 'hostname-generic',
  area: 'seal',
  title: 'The image has no host name',
  severity: 'info',
  why: 'Each new machine is named by who provisions it; until then all clones go by the old name.',
  source: [waagent],
  fix: { all: 'The seal has waagent set localhost.localdomain; /etc/hosts is left to a person.' },
  look,
};
