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
  /** Keys that stand once: what `have` says of such a key takes the place of what stands there; see editArgs. */
  readonly only?: readonly string[] | undefined;
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
 * order, then those of `have` whose key is in `only` take the places of that key's values, in order (what is left over
 * goes), then those of `have` that are missing are put at the end, before a lone `--`. So an argument in both `lack` and
 * `have` moves to the end. What follows `--` is init's and stays. Doing it twice changes nothing more, unless `swap` wants
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
  return editParts([{ text, tokens }], change)[0] as string;
}

/** A text that is part of a kernel line, with its arguments. */
export interface ArgsPart {
  readonly text: string;
  readonly tokens: readonly ArgToken[];
}

/**
 * As editLine, for a line that stands in several places, one behind the other: their texts afterwards. `home` says which
 * part an argument that is added goes to the end of (default: the last); a part behind a lone `--` is init's and gets none.
 */
export function editParts(
  parts: readonly ArgsPart[],
  change: ArgsChange,
  home: (arg: string) => number = () => parts.length - 1,
): string[] {
  const args = parts.flatMap(({ tokens }) => tokens.map((token) => token.text));
  const { kept, added } = weigh(args, change);
  if (sameList(editArgs(args, change), args)) return parts.map(({ text }) => text);
  let first = 0;
  let open = true;
  return parts.map((part, index) => {
    const stays = kept.slice(first, first + part.tokens.length);
    const ends = stays.length < part.tokens.length;
    const joins = open ? added.filter((arg) => home(arg) === index || (ends && home(arg) > index)) : [];
    open &&= !ends;
    first += part.tokens.length;
    return rewrite(part, stays, joins);
  });
}

/** A part with what stays of it (undefined: it goes) and what joins behind that. */
function rewrite({ text, tokens }: ArgsPart, stays: readonly (string | undefined)[], joins: readonly string[]): string {
  if (joins.length === 0 && stays.every((arg, at) => arg === tokens[at]?.text)) return text;
  let out = text.slice(0, tokens[0]?.start ?? text.length);
  let empty = true;
  const put = (gap: string, arg: string) => {
    out += empty ? arg : gap + arg;
    empty = false;
  };
  // Each argument brings along the blanks before it, so that one that goes takes its blanks with it.
  const gap = (at: number) => text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start);
  for (const [at, arg] of stays.entries()) if (arg !== undefined) put(gap(at), arg);
  for (const arg of joins) put(' ', arg);
  for (let at = stays.length; at < tokens.length; at++) put(at === 0 ? ' ' : gap(at), tokens[at]?.text as string);
  return out + text.slice(tokens.at(-1)?.end ?? text.length);
}

/** Throws a RangeError for arguments whose quote is never closed: what is put behind them would be part of the quoted text. */
export function refuseOpenQuote(args: string, where: number | string): void {
  if (args.split('"').length % 2 === 0)
    throw new RangeError(
      `${typeof where === 'number' ? `line ${where}` : where} cannot be edited: a quote is never closed`,
    );
}

/** What becomes of each argument before `--` (undefined: it goes), and what is added behind them. */
function weigh(args: readonly string[], change: ArgsChange): { kept: (string | undefined)[]; added: string[] } {
  for (const arg of [...change.have, ...(change.swap ?? []).map((swap) => swap.to)]) {
    if (splitArgs(arg).length !== 1 || arg === '--')
      throw new RangeError(`not one kernel argument: ${JSON.stringify(arg)}`);
  }
  const lacks = (arg: string) => change.lack.some((lack) => isMeant(arg, lack));
  const kept = kernelArgs(args).map((arg) => {
    if (lacks(arg)) return undefined;
    return (change.swap ?? []).reduce((now, swap) => (now === swap.from ? swap.to : now), arg);
  });
  const wanted = [...new Set(change.have)];
  const moving = new Set(wanted.filter(lacks));
  for (const key of new Set(change.only)) {
    const own = wanted.filter((arg) => keyOf(arg) === key && valueOf(arg) !== undefined);
    // One that moves takes the others of its key along, or doing it again would find them in other places.
    if (own.some(lacks)) for (const arg of own) moving.add(arg);
    takePlaces(kept, own.some(lacks) ? [] : own, (arg) => own.some((one) => areRivals(one, arg)));
  }
  const missing = wanted.filter((arg) => !kept.includes(arg));
  // Those that move come last, so that doing it again finds them where they are.
  const added = [...missing.filter((arg) => !moving.has(arg)), ...missing.filter((arg) => moving.has(arg))];
  return { kept, added };
}

/** Puts `own` in order where rivals stand; rivals that are left over go. */
function takePlaces(kept: (string | undefined)[], own: readonly string[], isRival: (arg: string) => boolean): void {
  let next = 0;
  for (const [at, arg] of kept.entries()) if (arg !== undefined && isRival(arg)) kept[at] = own[next++];
}

/** Whether two arguments of one key cannot both count. The kernel takes `crashkernel=` once for each of its suffixes, or once without. */
function areRivals(one: string, other: string): boolean {
  const [given, there] = [valueOf(one), valueOf(other)];
  if (given === undefined || there === undefined || keyOf(one) !== keyOf(other)) return false;
  if (keyOf(one) !== 'crashkernel') return true;
  const [suffix, beside] = [given, there].map((value) => /,(?:high|low)$/.exec(value)?.[0]);
  return suffix === undefined || beside === undefined || suffix === beside;
}

/** Whether `lack`, an exact argument or `key=` for every value of a key, means this argument. */
export function isMeant(arg: string, lack: string): boolean {
  // A value may end in `=` too (base64): only a lone one behind the key means every value.
  if (lack.indexOf('=', 1) !== lack.length - 1) return arg === lack;
  return valueOf(arg) !== undefined && keyOf(arg) === lack.slice(0, -1);
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
