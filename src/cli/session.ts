import { examine, verdictOf } from '../checks/examine.ts';
import { canInstall } from '../checks/fixable.ts';
import { PrepError } from '../errors.ts';
import { readLive } from '../facts/live.ts';
import { readPackageFiles } from '../facts/package-files.ts';
import { scan } from '../facts/scan.ts';
import type { GuestFiles } from '../guest/guest.ts';
import { checkFolder } from '../guest/host.ts';
import { createUnpacker } from '../guest/unpack.ts';
import type { Log } from '../log.ts';
import type { Examined, Facts, PackageFile, Verdict, Where } from '../model.ts';
import type { Options } from './options.ts';
import type { Printer } from './show/printer.ts';

/** What a verb is handed by `main.ts`. */
export interface Session {
  readonly options: Options;
  readonly printer: Printer;
  readonly log: Log;
  readonly version: string;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Everything that one look at the guest gives. */
export interface Seen {
  readonly facts: Facts;
  readonly examined: readonly Examined[];
  readonly verdict: Verdict;
  /** The package files that were given. */
  readonly packages: readonly PackageFile[];
}

/** The folder that is the guest's root, and whether it is running. `--root /` would take a running machine for a mounted one. */
export function guestRoot(options: Options): { readonly root: string; readonly where: Where } {
  if (options.root === undefined) return { root: '/', where: 'live' };
  const usable = checkFolder(options.root);
  if (usable !== true) throw new PrepError('usage', `--root: ${usable}`);
  return { root: options.root, where: 'offline' };
}

/** Scans and examines: check, plan, verify and the watch are this one function. An aborted signal ends it as refused. */
export async function look(session: Session, files: GuestFiles, signal = session.signal): Promise<Seen> {
  const { options, printer, log } = session;
  const packages = await readPackageFiles(options.packageFiles, createUnpacker());
  const started = performance.now();
  const facts = await scan(files, {
    unpacker: createUnpacker(),
    progress: (says) => printer.progress(says),
    signal,
    quickInitrd: options.quick,
    ...(files.where === 'live' ? { live: readLive } : {}),
  });
  printer.settle();
  if ((options.installPackages || packages.length > 0) && !canInstall(facts)) {
    const says = 'packages are installed only by apt, which can tell beforehand all that it would do';
    throw new PrepError('refused', says, '`prep-guest check` names the command for what is missing');
  }
  // Where the seal is to be made, again or for the first time, what it mends must not be what keeps it from being made.
  const judged: Facts = {
    ...facts,
    ...(options.verb === 'check' ? {} : { sealed: undefined }),
    obtainable: options.installPackages ? 'any' : packages.map(({ name }) => name),
  };
  const examined = examine(judged, options.policy, {
    ...(options.only ? { only: options.only } : {}),
    skip: options.skip,
  });
  const verdict = verdictOf(examined);
  log.info(`looked at the guest: ${verdict}`, {
    seconds: Math.round(performance.now() - started) / 1000,
    failed: examined.filter((one) => one.status === 'fail').map((one) => one.check.id),
    unknown: examined.filter((one) => one.status === 'unknown').map((one) => one.check.id),
  });
  return { facts, examined, verdict, packages };
}
