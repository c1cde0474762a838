import { statfsSync } from 'node:fs';
import type { GuestPath } from '../model.ts';
import { isBareType } from './bare.ts';
import { callHost, hostProgram, toArgument } from './host-programs.ts';
import type { HeldFolder } from './resolve.ts';

/**
 * Owner, mode, ACL, extended attributes (SELinux label, capabilities) and exact times. Node knows no extended attributes and
 * rounds times to a quarter of a microsecond, so coreutils does it. Files are handed over as open descriptors: no name of
 * the guest is looked up twice.
 *
 * `xattr` is named on its own since `cp -a` would only try; a file that lost its label is worse than a refusal. SELinux
 * contexts are copied as the attribute they are (`context` would ask the policy of the machine we run on).
 */
const everything = 'mode,ownership,xattr';
const from = 'coreutils';

/** File systems of firmware and boot partitions hold neither owners, modes nor attributes, and refuse to be given any. */
export function isBare(folder: HeldFolder): boolean {
  return isBareType(statfsSync(folder.at('.')).type);
}

/** Gives the file `name` in `folder` the owner, mode and extended attributes of the open file `like`. */
export async function copyAttributes(like: number, folder: HeldFolder, name: string, path: GuestPath): Promise<void> {
  if (isBare(folder)) return;
  const args = ['--attributes-only', `--preserve=${everything}`, '--', '/proc/self/fd/3', `/proc/self/fd/4/${name}`];
  const deed = 'keep the owner and attributes of';
  await callHost({ program: hostProgram('cp', from), args, fds: [like, folder.fd], path, deed });
}

/** What is to be copied: an open file, or a link by its name in a folder that is held open. */
export type CopySource = { readonly file: number } | { readonly folder: HeldFolder; readonly link: string };

/** Copies a file or a link, with everything that is known of it, to a name in `folder` where nothing stands yet. */
export async function copyWhole(source: CopySource, folder: HeldFolder, name: string, path: GuestPath): Promise<void> {
  const preserve = isBare(folder) ? 'timestamps' : `${everything},timestamps`;
  const isFile = 'file' in source;
  const args = [
    isFile ? '--dereference' : '--no-dereference',
    `--preserve=${preserve}`,
    '--reflink=auto',
    '--',
    isFile ? '/proc/self/fd/3' : `/proc/self/fd/3/${toArgument(source.link)}`,
    `/proc/self/fd/4/${name}`,
  ];
  const fds = [isFile ? source.file : source.folder.fd, folder.fd];
  await callHost({ program: hostProgram('cp', from), args, fds, path, deed: 'copy' });
}

/** Sets the modification time of a file, folder or link, exact to the nanosecond (decimal, since 1970). */
export async function setModified(folder: HeldFolder, name: string, ns: string, path: GuestPath): Promise<void> {
  const sign = ns.startsWith('-') ? '-' : '';
  const digits = ns.slice(sign.length).padStart(10, '0');
  const args = [
    '--no-create',
    '--no-dereference',
    '-m',
    `--date=@${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`,
    '--',
    `/proc/self/fd/3/${toArgument(name)}`,
  ];
  await callHost({ program: hostProgram('touch', from), args, fds: [folder.fd], path, deed: 'set the time of' });
}
