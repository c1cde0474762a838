import { refuseForGrub } from './grub-cfg.ts';
import { type ArgsChange, argTokens, editParts, keyOf, refuseOpenQuote, splitArgs } from './kernel-line.ts';
import { shellEvents } from './shell-state.ts';
import { readShellVars, setShellVar } from './shell-vars.ts';

/** grub-mkconfig puts these two on normal entries in this order; recovery entries get only the first (10_linux). */
const names = ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'] as const;

/** The two variables of one file, each as a kernel line; undefined where the file does not set it. */
export function readDefaultGrub(text: string): readonly (string | undefined)[] {
  const settings = readShellVars(text, '/etc/default/grub');
  return names.map((name) => settings[name]?.value);
}

/**
 * Edits the kernel line that one shell file (/etc/default/grub, or a drop-in of it) asks for; see editArgs. An argument
 * is edited in the variable where it stands. What is added goes where its key stands already, so that `console=` keeps
 * its order, else into GRUB_CMDLINE_LINUX; where the file sets only the other one (it may be a drop-in, which would hide
 * the value of another file), into that. Throws a RangeError where a variable is put together by shell code that may not
 * run, for an argument that GRUB would not take as it is, and where a quote is never closed.
 */
export function editDefaultGrub(text: string, change: ArgsChange): string {
  refuseForGrub(change);
  const values = readDefaultGrub(text);
  for (const [at, name] of names.entries()) if (values[at] !== undefined) refuseUnsure(text, name);
  const lines = values.map((value) => value ?? '');
  const holds = (at: number, arg: string) => splitArgs(lines[at] as string).some((one) => keyOf(one) === keyOf(arg));
  const usual = values[0] === undefined && values[1] !== undefined ? 1 : 0;
  const edited = editParts(
    lines.map((line) => ({ text: line, tokens: argTokens(line) })),
    change,
    (arg) => (!holds(usual, arg) && holds(1 - usual, arg) ? 1 - usual : usual),
  );
  return names.reduce((now, name, at) => {
    const value = edited[at] as string;
    if (value === lines[at]) return now;
    refuseOpenQuote(lines[at] as string, name);
    return setShellVar(now, name, value);
  }, text);
}

/** What may or may not run, or what another file may have set since, cannot be edited by its text alone. */
function refuseUnsure(text: string, name: string): void {
  const events = shellEvents(text);
  const last = events.findLastIndex((event) => event.is === 'set' && event.assignment.name === name);
  const unsure = events.some(
    (event, at) =>
      (event.is === 'unknown' && at > last) ||
      (event.is === 'set' && event.assignment.name === name && !event.assignment.sure) ||
      (event.is === 'unset' && event.name === name && !event.sure),
  );
  if (unsure) throw new RangeError(`${name} is put together by shell code, which is not edited`);
}
