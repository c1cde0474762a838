import { distroOf } from '../families/distro/index.ts';
import type { Unpacker } from '../formats/initrd.ts';
import { findCorrections } from '../formats/kernel-corrections.ts';
import { readRpmChangelog, readRpmHeader } from '../formats/rpm-header.ts';
import { compareVersions } from '../formats/version.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, Kernel, OsFacts } from '../model.ts';
import { readRpmDatabase } from './rpm-database.ts';

/** From here on every kernel holds all that is looked for, so that no changelog need be read. */
const allSince = '4.5';
/** A kernel's changelog of ten years has 6 MiB. */
const mostText = 16 * 1024 * 1024;

/** Old kernels with what their packages' changelogs say of them; where no changelog can be read, nothing is added. */
export async function addCorrections(
  files: GuestFiles,
  os: OsFacts,
  kernels: readonly Kernel[],
  unpacker: Unpacker,
): Promise<Kernel[]> {
  const done: Kernel[] = [];
  for (const kernel of kernels) {
    const isOld = compareVersions(kernel.version, allSince) < 0;
    const found = isOld && kernel.bootable ? await correctionsOf(files, os, kernel.version, unpacker) : undefined;
    done.push(found === undefined ? kernel : { ...kernel, corrections: found });
  }
  return done;
}

async function correctionsOf(
  files: GuestFiles,
  os: OsFacts,
  version: string,
  unpacker: Unpacker,
): Promise<Kernel['corrections']> {
  const names = distroOf(os.distro.family)?.packages.kernelPackages(version) ?? [];
  for (const name of names) {
    const path: GuestPath = `/usr/share/doc/${name}/changelog.Debian.gz`;
    const text = await unpackText(files, path, unpacker);
    if (text !== undefined) return { commits: findCorrections(text), at: path };
  }
  return rpmCorrections(files, names, version);
}

async function unpackText(files: GuestFiles, path: GuestPath, unpacker: Unpacker): Promise<string | undefined> {
  const opened = await files.open(path);
  if (opened.is !== 'there') return undefined;
  const parts: string[] = [];
  let length = 0;
  try {
    const result = await unpacker.unpack(opened.value, 0, 'gzip', (chunk) => {
      parts.push(Buffer.from(chunk).toString('latin1'));
      length += chunk.length;
      return length < mostText;
    });
    return result.is === 'failed' ? undefined : parts.join('');
  } finally {
    opened.value.close();
  }
}

/** `3.10.0-327.el7.x86_64` is version, release and architecture of its package. */
async function rpmCorrections(
  files: GuestFiles,
  names: readonly string[],
  version: string,
): Promise<Kernel['corrections']> {
  const read = await readRpmDatabase(files, (headers) => {
    for (const header of headers) {
      const one = readRpmHeader(header);
      if (one === undefined || !names.includes(one.name)) continue;
      const full = `${one.version}-${one.release}`;
      if (version === full || version === `${full}.${one.arch}`) return readRpmChangelog(header, mostText);
    }
    return '';
  });
  // A package without a changelog says nothing, which is not the same as holding none of them.
  if (read.is !== 'there' || read.value.value === '') return undefined;
  return { commits: findCorrections(read.value.value), at: read.value.path };
}
