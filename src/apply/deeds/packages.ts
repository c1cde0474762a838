import { PrepError } from '../../errors.ts';
import { installerOf } from '../../families/package-manager/index.ts';
import type { Installer } from '../../families/package-manager/package-manager.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import { readPackageAgain } from '../../guest/package-files.ts';
import { folderOf } from '../../journal/content.ts';
import type { Touch } from '../../journal/originals.ts';
import { removeTree, runFiles } from '../../journal/run-folder.ts';
import type { GuestPath, Step } from '../../model.ts';
import { addedSince, installedNow, keepList, lostSince } from '../package-lists.ts';
import { type Deed, lastWords, runOrThrow, secondsForPrograms, type Workplace } from './deed.ts';

type PackagesStep = Extract<Step, { kind: 'packages' }>;

/** Debian's policy for services: 101 forbids to start one. */
const noServices = '#!/bin/sh\nexit 101\n';

async function refuseBusy({ locks }: Installer, { manager }: PackagesStep, guest: GuestFiles): Promise<void> {
  for (const path of locks) {
    const holder = await guest.lockedBy(path);
    if (holder !== undefined) throw new PrepError('refused', `${manager} is at work: ${path} is held by ${holder}`);
  }
}

/** Copies the files into the run's scratch folder: the guest sees nothing of the machine that the program runs on. */
async function bringFiles({ files }: PackagesStep, { guest, run }: Workplace): Promise<GuestPath[]> {
  const { scratch } = runFiles(run);
  await guest.folder(scratch, 0o700);
  const paths: GuestPath[] = [];
  for (const [index, file] of files.entries()) {
    const path: GuestPath = `${scratch}/${index + 1}-${file.name}.deb`;
    await guest.write(path, readPackageAgain(file), { mode: 0o600 });
    paths.push(path);
  }
  return paths;
}

/** The same without doing it: the packages that would come. Whatever is in the way is a refusal: nothing was touched. */
async function tryOut(
  step: PackagesStep,
  installer: Installer,
  files: readonly GuestPath[],
  { guest, signal }: Workplace,
): Promise<readonly string[]> {
  const argv = files.length > 0 ? installer.tryFiles(files) : installer.tryInstall(step.names);
  const result = await guest.run(argv, { seconds: secondsForPrograms, env: installer.env, ...(signal && { signal }) });
  const what = `${step.names.join(', ')} cannot be installed`;
  if (result.code !== 0) {
    const missing = /^ .*(?:Depends|Conflicts|Breaks):.*$/m.exec(result.stdout)?.[0].trim() ?? lastWords(result);
    throw new PrepError(
      'refused',
      `${what}: ${missing}`,
      'give the files of all packages that are needed, each with --package',
    );
  }
  const harm = installer.harm(result.stdout);
  if (harm !== undefined)
    throw new PrepError('refused', `${what}: ${harm}`, 'install it by hand, and look at what goes');
  return installer.foretold(result.stdout);
}

/**
 * Packages, by the guest's own package manager, after a trial that says what would happen: nothing may be removed or
 * replaced, since no rollback could take that back. Services do not start meanwhile on a root that is not running.
 */
export async function installing(step: PackagesStep, workplace: Workplace): Promise<Deed> {
  const { guest, run } = workplace;
  const installer = installerOf(step.manager);
  const { scratch, packagesBefore, packagesAfter } = runFiles(run);
  await refuseBusy(installer, step, guest);
  const files = await bringFiles(step, workplace);
  // What can be had is not known before the lists are new; they are the package manager's cache.
  if (files.length === 0) await runOrThrow(installer.refresh, workplace, [], scratch, installer.env);
  const names = await tryOut(step, installer, files, workplace);
  const before = await installedNow(guest);
  await keepList(guest, packagesBefore, before);
  const policy = guest.where === 'offline' ? await freePath(installer.servicePolicy, guest) : undefined;
  const touched = policy === undefined ? step.rewrites : [...step.rewrites, policy];
  const argv = files.length > 0 ? installer.installFiles(files) : installer.install(step.names);
  return {
    touches: touched.map((path): Touch => {
      const at = workplace.place();
      return { path, keep: { how: 'copy', at, name: `${at}.name` } };
    }),
    makesFolders: false,
    leftovers: [],
    packages: { manager: step.manager, names, before: packagesBefore, after: packagesAfter },
    perform: async () => {
      if (policy !== undefined) await guest.write(policy, Buffer.from(noServices), { mode: 0o755 });
      try {
        await runOrThrow(argv, workplace, [folderOf('/usr/x'), '/var'], scratch, installer.env);
      } finally {
        if (policy !== undefined) await guest.remove(policy);
      }
      await removeTree(guest, scratch);
      const after = await installedNow(guest);
      await keepList(guest, packagesAfter, after);
      const missing = step.names.filter((name) => after[name] === undefined);
      if (missing.length > 0) throw new Error(`${step.manager} ended well, and ${missing.join(', ')} is not installed`);
      const lost = lostSince(before, after);
      if (lost.length > 0) throw new Error(`other packages were changed: ${lost.join(', ')}`);
      workplace.progress(`installed: ${addedSince(before, after).join(', ')}`);
    },
  };
}

/** The path, where nothing stands there; a policy that somebody has made is left in force. */
async function freePath(path: GuestPath, guest: GuestFiles): Promise<GuestPath | undefined> {
  return (await guest.stat(path)).is === 'absent' ? path : undefined;
}
