/**
 * The kernel's command line: an ordered list with repeats (`console=` may stand several times, and the order counts).
 * Quoting is the kernel's own (lib/cmdline.c, next_arg): double quotes protect blanks, and nothing escapes a quote.
 * Arguments are kept as written, quotes included.
 */

/** What should be true of a list of arguments; see `kernel-args` of Change in model.ts. */
export interface ArgsChange {
  readonly have: readonly string[];
  readonly lack: readonly string[];
  readonly swap?: readonly { readonly from: string; readonly to: string }[] | undefined;
}

/** An argument with the characters it stands on. */
export interface ArgToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// The kernel's isspace(): its ctype table counts 0xa0 (a no-break space in latin1) as a blank too.
const blank = /[\t\n\v\f\r \xa0]/;

/** The arguments of a kernel line with their places. */
export function argTokens(line: string): ArgToken[] {
  const tokens: ArgToken[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string;
    if (!quoted && blank.test(char)) {
      if (start >= 0) tokens.push({ text: line.slice(start, at), start, end: at });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (char === '"') quoted = !quoted;
  }
  if (start >= 0) tokens.push({ text: line.slice(start), start, end: line.length });
  return tokens;
}

/** The arguments of a kernel line, as written. */
export function splitArgs(line: string): string[] {
  return argTokens(line).map((token) => token.text);
}

export function joinArgs(args: readonly string[]): string {
  return args.join(' ');
}

/** The part before the first `=`, or the whole argument where there is none. A quote around the whole is not part of it. */
export function keyOf(arg: string): string {
  const whole = unquoted(arg);
  const equals = whole.indexOf('=', 1);
  return equals < 0 ? whole : whole.slice(0, equals);
}

/** The part after the first `=` without quotes around it; undefined where there is no `=`. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the pair of keyOf, and nothing here means the global.
export function valueOf(arg: string): string | undefined {
  const whole = unquoted(arg);
  const equals = whole.indexOf('=', 1);
  if (equals < 0) return undefined;
  const value = whole.slice(equals + 1);
  return value.startsWith('"') ? value.replace(/^"/, '').replace(/"$/, '') : value;
}

function unquoted(arg: string): string {
  return arg.startsWith('"') ? arg.slice(1).replace(/"$/, '') : arg;
}

/** The arguments that the kernel takes for itself: what follows a lone `--` goes to init. */
export function kernelArgs(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** Whether the kernel is given exactly this argument, character for character. What follows `--` does not count. */
export function hasArg(args: readonly string[], arg: string): boolean {
  return kernelArgs(args).includes(arg);
}

/**
 * The list as `change` wants it. First `lack` goes (`key=` means every value of that key), then `swap` is done in its
 * order, then those of `have` that are missing are put at the end, before a lone `--`. So an argument in both `lack` and `have`
 * moves to the end. What follows `--` is init's and stays. Doing it twice changes nothing more, unless `swap` wants
 * what `lack` forbids. Throws a RangeError where a wanted argument is not one argument.
 */
export function editArgs(args: readonly string[], change: ArgsChange): string[] {
  const { kept, added } = weigh(args, change);
  const left = kept.filter((arg) => arg !== undefined);
  return [...left, ...added, ...args.slice(kept.length)];
}

/** The line as `change` wants it (see editArgs); blanks between arguments that stay are kept, and so is the tail after `--`. */
export function editLine(line: string, change: ArgsChange): string {
  return editTokens(line, argTokens(line), change);
}

/** As editLine, for a text whose words were found by other rules (a boot loader's). */
export function editTokens(text: string, tokens: readonly ArgToken[], change: ArgsChange): string {
  const args = tokens.map((token) => token.text);
  const { kept, added } = weigh(args, change);
  if (sameList(editArgs(args, change), args)) return text;
  let out = text.slice(0, tokens[0]?.start ?? text.length);
  let empty = true;
  const put = (gap: string, arg: string) => {
    out += empty ? arg : gap + arg;
    empty = false;
  };
  // Each argument brings along the blanks before it, so that one that goes takes its blanks with it.
  const gap = (at: number) => text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start);
  for (const [at, arg] of kept.entries()) if (arg !== undefined) put(gap(at), arg);
  for (const arg of added) put(' ', arg);
  for (let at = kept.length; at < tokens.length; at++) put(at === 0 ? ' ' : gap(at), args[at] as string);
  return out + text.slice(tokens.at(-1)?.end ?? text.length);
}

/** What becomes of each argument before `--` (undefined: it goes), and what is added behind them. */
function weigh(args: readonly string[], change: ArgsChange): { kept: (string | undefined)[]; added: string[] } {
  for (const arg of [...change.have, ...(change.swap ?? []).map((swap) => swap.to)]) {
    if (splitArgs(arg).length !== 1 || arg === '--')
      throw new RangeError(`not one kernel argument: ${JSON.stringify(arg)}`);
  }
  const kept = kernelArgs(args).map((arg) => {
    if (change.lack.some((lack) => isMeant(arg, lack))) return undefined;
    return (change.swap ?? []).reduce((now, swap) => (now === swap.from ? swap.to : now), arg);
  });
  const missing = [...new Set(change.have)].filter((arg) => !kept.includes(arg));
  // Those that move come last, so that doing it again finds them where they are.
  const moves = (arg: string) => change.lack.some((lack) => isMeant(arg, lack));
  const added = [...missing.filter((arg) => !moves(arg)), ...missing.filter(moves)];
  return { kept, added };
}

function isMeant(arg: string, lack: string): boolean {
  if (!lack.endsWith('=')) return arg === lack;
  return valueOf(arg) !== undefined && keyOf(arg) === lack.slice(0, -1);
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
