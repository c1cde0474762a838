import { networkHabitsOf } from '../../families/distro/index.ts';
import { readIniLines } from '../../formats/ini-lines.ts';
import type { Change, Check, Facts, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { enabledServices } from '../dhcp.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { centosArticle, lisa, oracleArticle, rhelArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const path: GuestPath = '/etc/sysconfig/network';

function look(facts: Facts): Looked {
  if (!networkHabitsOf(facts.os).sysconfigNetwork)
    return { is: 'not-applicable', why: 'this family does not switch its network on in a file' };
  const doubts = unread(facts, /^\/etc\/sysconfig\/network$/);
  if (doubts.length > 0) return judge([], doubts, '');
  const text = textOf(facts, path);
  const found = readIniLines(text ?? '').findLast(({ key }) => key === 'NETWORKING');
  if (found?.value.toLowerCase() === 'yes') return { is: 'pass', says: `${path} says NETWORKING=yes` };
  const want: Change =
    text === undefined
      ? { kind: 'file', path, is: { content: 'NETWORKING=yes\nHOSTNAME=localhost.localdomain\n', mode: 0o644 } }
      : { kind: 'setting', path: realPath(facts, path), as: 'ini', key: 'NETWORKING', value: 'yes' };
  // The script does nothing without the file, and nothing where it says no; other services do not read it.
  const [first, ...others] = enabledServices(facts);
  const isOff = text === undefined || /^["']?no["']?$/.test(found?.value ?? '');
  const severity = first === 'network' && others.length === 0 && isOff ? 'must' : 'should';
  return {
    is: 'fail',
    findings: [
      {
        about: path,
        says: text === undefined ? `${path} is missing` : `NETWORKING is ${found?.value ?? 'not set'}, not yes`,
        severity,
        evidence:
          text === undefined ? [] : [found === undefined ? { path } : { path, line: found.line, text: found.text }],
        ...remedy(facts, [want], `write NETWORKING=yes in ${path}`),
      },
    ],
  };
}

export const netSysconfigNetwork: Check = {
  id: 'net-sysconfig-network',
  area: 'network',
  title: 'The network is switched on in /etc/sysconfig/network',
  severity: 'should',
  why: 'The network scripts start nothing without that file, and the acceptance tests look into it on all releases.',
  source: [centosArticle, rhelArticle, oracleArticle, lisa('verify_network_file_configuration')],
  fix: {
    all: 'nothing to mend where the family has no such file',
    rhel: 'the file is written, or NETWORKING=yes is set in it; the host name there is left to the seal',
    oracle: 'the file is written, or NETWORKING=yes is set in it; the host name there is left to the seal',
  },
  look,
};
