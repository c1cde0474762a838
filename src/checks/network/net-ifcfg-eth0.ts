import { readIniLines } from '../../formats/ini-lines.ts';
import { readShellVars } from '../../formats/shell-vars.ts';
import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { allowStatic, askedIfcfg, goesWhole } from '../dhcp.ts';
import { lineOff, realPath, remedy, textOf } from '../fixable.ts';
import { centosArticle, lisa, rhelArticle } from '../sources.ts';
import { unread } from '../unread.ts';

/** As LISA looks for them: these words, without quotes. */
const literal = ['DEVICE=eth0', 'BOOTPROTO=dhcp', 'ONBOOT=yes'] as const;

function look(facts: Facts, policy: Policy): Looked {
  const wanted = askedIfcfg(facts);
  if (wanted === undefined) return { is: 'not-applicable', why: 'this release keeps its network profiles elsewhere' };
  const { path } = wanted;
  const doubts = unread(facts, /\/ifcfg-eth0$/);
  const text = textOf(facts, path);
  if (doubts.length > 0) return judge([], doubts, '');
  if (text === undefined) {
    const byHand = `printf '${wanted.is.content.replaceAll('\n', '\\n')}' > ${path}`;
    const mend = remedy(facts, [wanted], byHand);
    return { is: 'fail', findings: [{ about: path, says: `${path} is missing`, evidence: [], ...mend }] };
  }
  const findings = [...wrongValues(facts, path, text), ...uuid(facts, path, text)];
  // Where the file is replaced for the address in it, nothing is left to be mended line by line.
  const replaced = goesWhole(facts, path, policy)
    ? findings.map((one) => ({ ...one, ...remedy(facts, [wanted], one.advice ?? `write ${path} anew`) }))
    : findings;
  return judge(replaced, [], `${path} asks for DHCP on eth0`);
}

/** Values that are others are a `must`, since no network comes of them; quotes only keep LISA from seeing what is right. */
function wrongValues(facts: Facts, path: GuestPath, text: string): Finding[] {
  const values = readShellVars(text, path);
  const lines = readIniLines(text).map(({ key, value }) => `${key}=${value}`);
  const fixed = facts.network.profiles.some((one) => one.at.path === path && one.fixed);
  return literal.flatMap((wanted): Finding[] => {
    if (lines.includes(wanted)) return [];
    const [key = '', value = ''] = wanted.split('=');
    const now = values[key]?.value.trim();
    const isStatic = key === 'BOOTPROTO' && fixed;
    const want: Change = { kind: 'setting', path: realPath(facts, path), as: 'ini', key, value };
    const byHand = isStatic
      ? `set ${wanted} and remove the addresses in ${path}, or let --allow ${allowStatic} do it`
      : `write ${wanted} in ${path}`;
    const says =
      now === value
        ? `${key} is set, but not as the plain word ${wanted}`
        : `${key} is ${now ?? 'not set'}, not ${value}`;
    return [
      {
        about: path,
        says,
        severity: now === value || (now === undefined && key !== 'BOOTPROTO') ? 'should' : 'must',
        evidence: [values[key]?.at ?? { path }],
        ...remedy(facts, isStatic ? [] : [want], byHand),
      },
    ];
  });
}

/** A UUID is that of a connection of this machine; hardware addresses are another rule's. */
function uuid(facts: Facts, path: GuestPath, text: string): Finding[] {
  const at = readShellVars(text, path)['UUID']?.at;
  const off = at === undefined ? undefined : lineOff(facts, at);
  if (at === undefined) return [];
  const mend = remedy(facts, off === undefined ? [] : [off], `remove the UUID line of ${path}`);
  return [{ about: path, says: 'names a connection by its UUID', evidence: [at], ...mend }];
}

export const netIfcfgEth0: Check = {
  id: 'net-ifcfg-eth0',
  area: 'network',
  title: 'ifcfg-eth0 asks for DHCP',
  severity: 'should',
  why: 'On these releases the first card is configured there, and the acceptance tests look for its very words.',
  source: [centosArticle, rhelArticle, lisa('verify_ifcfg_eth0')],
  fix: {
    all: 'nothing to mend where the family has no such file',
    rhel: 'releases 6 and 7: the file is written, or its three values are set in place; UUID is switched off',
  },
  look,
};
