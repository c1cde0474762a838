import { type ArgsChange, editArgs, keyOf } from '../../formats/kernel-line.ts';
import type { AskedLine, BootEntry, Facts, KnownLoader } from '../../model.ts';

/**
 * Where the places that hold a kernel line disagree. Entries give the next boot; what they are made from gives the boot after
 * the next update. One of both brings a surprise where they differ.
 */

/** One place that asks, and the normal entries that do not answer to it. */
export interface Disagreement {
  readonly asks: AskedLine;
  readonly entries: readonly BootEntry[];
  /** Asked for and not held by some entry. */
  readonly missing: readonly string[];
  /** Held by some entry and not asked for: it lasts until the next update. */
  readonly extra: readonly string[];
  /** Arguments that take one value, and have another one there than here: which is meant cannot be told. */
  readonly clashes: readonly { readonly asked: string; readonly held: string }[];
}

/** What the loader's own scripts add to an entry: no source asks for it. */
const generated = new Set(
  'root ro rw rootflags rootfstype BOOT_IMAGE init panic vt.handoff initrd systemd.machine_id'.split(' '),
);

function isGenerated(arg: string): boolean {
  return arg.startsWith('$') || generated.has(keyOf(arg));
}

/** What `these` holds beyond `those`. The very same argument twice says no more than once. */
function beyond(these: readonly string[], those: readonly string[]): string[] {
  return these.filter((arg) => !those.includes(arg) && !isGenerated(arg));
}

/** Keys of which a line rightly holds several. */
const repeats =
  /^(?:console|earlycon|earlyprintk|hugepages|hugepagesz|crashkernel|rd\..*|modprobe\.blacklist|module_blacklist|cgroup_disable|ip|.*\.dyndbg|memmap|initcall_blacklist)$/;

function clashesOf(asked: readonly string[], held: readonly string[]): Disagreement['clashes'] {
  return asked.flatMap((arg) => {
    const key = keyOf(arg);
    if (key === arg || repeats.test(key) || isGenerated(arg) || held.includes(arg)) return [];
    const others = held.filter((one) => keyOf(one) === key);
    const alone = others.length === 1 && asked.filter((one) => keyOf(one) === key).length === 1;
    return alone && !asked.includes(others[0] as string) ? [{ asked: arg, held: others[0] as string }] : [];
  });
}

/** Entries of 40_custom or os-prober are not made from the sources: the marker above them says which script wrote them. */
function isFromSources(entry: BootEntry, texts: Facts['texts']): boolean {
  const above = (texts[entry.at.path] ?? '').split('\n').slice(0, entry.at.line);
  const marker = above.findLast((line) => line.startsWith('### BEGIN /etc/grub.d/'));
  return marker === undefined || /_linux(_|\b)/.test(marker);
}

/** The places that ask, the one that decides first. */
function askers(boot: KnownLoader): readonly AskedLine[] {
  return [{ at: boot.nextAt, args: boot.nextArgs, readBy: 'the next update' }, ...boot.alsoAsked];
}

/** Every disagreement between a place that asks and the normal entries made from it. None where all agree. */
export function disagreements(boot: KnownLoader, texts: Facts['texts']): Disagreement[] {
  const normal = boot.entries.filter((entry) => !entry.recovery && isFromSources(entry, texts));
  return askers(boot).flatMap((asks): Disagreement[] => {
    const { args } = asks;
    if (args === undefined) return [];
    const clashes = normal.flatMap((entry) => clashesOf(args, entry.args));
    const clashing = new Set(clashes.flatMap(({ asked, held }) => [asked, held]));
    const plain = (list: readonly string[]) => [...new Set(list)].filter((arg) => !clashing.has(arg));
    const missing = plain(normal.flatMap((entry) => beyond(args, entry.args)));
    const extra = plain(normal.flatMap((entry) => beyond(entry.args, args)));
    const entries = normal.filter(
      (entry) => beyond(args, entry.args).length > 0 || beyond(entry.args, args).length > 0,
    );
    return entries.length === 0 ? [] : [{ asks, entries, missing, extra, clashes: distinct(clashes) }];
  });
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}

/** What has to be added for every entry to hold what is asked for once `change` is made. */
export function agreedArgs(facts: Facts, change: ArgsChange): string[] {
  const { boot, texts } = facts;
  if (boot.kind === 'unknown') return [];
  const after = { ...boot, entries: boot.entries.map((entry) => ({ ...entry, args: editArgs(entry.args, change) })) };
  const asked = (args: readonly string[] | undefined) => args && editArgs(args, change);
  const changed: KnownLoader = {
    ...after,
    nextArgs: asked(boot.nextArgs),
    alsoAsked: boot.alsoAsked.map((also) => ({ ...also, args: asked(also.args) })),
  };
  const missing = disagreements(changed, texts).flatMap((found) => found.missing);
  // What goes anyway is not brought back.
  return [...new Set(missing)].filter((arg) => !change.lack.includes(arg));
}
