import { optionTable, verbs } from '../verbs.ts';
import { exitTable } from './help.ts';

/** Text as roff takes it: backslashes, hyphens that stay hyphens, no line that starts as a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}

const files: readonly (readonly [string, string])[] = [
  ['/var/lib/prep-guest/', 'in the guest: runs with their journals and originals, the lock, what the seal did'],
  ['/var/log/prep-guest.log', 'on the machine that the program runs on: what it changed, rotated by size'],
];

/** prep-guest(8), made from the same data as --help. */
export function manPage(version: string): string {
  const lines = [
    `.TH PREP\\-GUEST 8 "" "prep\\-guest ${roff(version)}" "System administration"`,
    '.SH NAME',
    'prep\\-guest \\- make a Linux guest boot, provision and be reachable on Azure and Hyper\\-V',
    '.SH SYNOPSIS',
    ...verbs.flatMap(({ call }) => [`.B ${roff(call)}`, '[\\fIOPTION\\fR ...]', '.br']),
    '.SH DESCRIPTION',
    'Reads the guest, says what is wrong and where, shows the plan, makes the changes under a journal, looks again, and',
    'finishes with \\fBwaagent \\-force \\-deprovision\\fR, judged by its effects. Works on the running machine, or with',
    '\\fB\\-\\-root\\fR on a mounted one.',
    '.SH VERBS',
    ...verbs.flatMap(({ call, tells }) => ['.TP', `.B ${roff(call)}`, ...tells.map(roff)]),
    '.SH OPTIONS',
    ...Object.entries(optionTable).flatMap(([name, { value, does }]) => [
      '.TP',
      `.B \\-\\-${roff(name)}${value === undefined ? '' : ` \\fI${roff(value)}\\fR`}`,
      roff(does),
    ]),
    '.SH EXIT STATUS',
    ...exitTable.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH FILES',
    ...files.flatMap(([path, what]) => ['.TP', `.I ${roff(path)}`, roff(what)]),
    '.SH SEE ALSO',
    '.BR waagent (8),',
    '.BR update\\-initramfs (8),',
    '.BR dracut (8)',
  ];
  return `${lines.join('\n')}\n`;
}
