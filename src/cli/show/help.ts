import { optionTable, type VerbName, verbs } from '../verbs.ts';
import type { Printer } from './printer.ts';

/** The exit codes with their meaning, for people. */
export const exitTable: readonly (readonly [number, string])[] = [
  [0, 'content; for --apply: applied, verified and sealed'],
  [1, 'findings at or above --fail-on, or something that could not be looked at'],
  [2, 'refused: nothing was touched'],
  [3, 'a step failed and everything was rolled back'],
  [4, 'a step failed and could not be rolled back'],
  [5, 'applied, but the seal did not have its promised effects'],
  [64, 'wrong usage'],
  [70, 'an error in prep-guest itself'],
  [77, 'not root'],
];

function showOptions(printer: Printer, verb: VerbName | undefined): void {
  printer.line('\nOptions:');
  for (const [name, { value, does, verbs: allowed }] of Object.entries(optionTable)) {
    if (verb !== undefined && allowed !== undefined && !allowed.includes(verb)) continue;
    const call = `--${name}${value === undefined ? '' : ` ${value}`}`;
    const lines = fold(does, 52);
    printer.line(`  ${call.padEnd(23)} ${lines[0] ?? ''}`);
    for (const line of lines.slice(1)) printer.line(`  ${''.padEnd(23)} ${line}`);
  }
}

function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** `--help` of the program, or of one verb. */
export function showHelp(printer: Printer, name: VerbName | undefined): void {
  const verb = verbs.find((one) => one.name === name);
  if (verb !== undefined) {
    printer.line(`Usage: ${verb.call} [OPTION ...]\n`);
    for (const line of fold(verb.tells.join(' '), 76)) printer.line(line);
    showOptions(printer, verb.name);
    return;
  }
  printer.line('prep-guest prepares a Linux guest for Azure and Hyper-V.\n');
  printer.line('Usage: prep-guest [VERB] [OPTION ...]\n');
  for (const { call, does } of verbs) {
    const lines = fold(does, 48);
    printer.line(`  ${call.padEnd(28)} ${lines[0] ?? ''}`);
    for (const line of lines.slice(1)) printer.line(`  ${''.padEnd(28)} ${line}`);
  }
  printer.line('\nWithout a verb: prep-guest check. `prep-guest VERB --help` tells more.');
  showOptions(printer, undefined);
  printer.line('\nExit codes:');
  for (const [code, meaning] of exitTable) printer.line(`  ${String(code).padStart(2)}  ${meaning}`);
}
