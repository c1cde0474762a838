import { detectDistro, imageBasedIds, imageSigns } from '../families/distro/index.ts';
import { elfArch } from '../formats/elf.ts';
import { parseFstab } from '../formats/fstab.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Evidence, GuestPath, OsFacts, Read } from '../model.ts';
import { below, firstThere, isThere, namesIn } from './folders.ts';
import { scanPackages } from './packages.ts';
import { readPart } from './pieces.ts';

type Distro = OsFacts['distro'];

/** What the guest is: distribution, architecture, firmware, init system, packages. */
export async function scanOs(files: GuestFiles): Promise<OsFacts> {
  const [distro, arch, packages] = await Promise.all([detectDistro(files), findArch(files), scanPackages(files)]);
  const [firmware, init, imageBased] = await Promise.all([
    findFirmware(files, packages),
    findInit(files),
    findImageBased(files, distro),
  ]);
  return { distro, arch, firmware, init, imageBased, packages };
}

/** Programs that every guest has one of; each is a link often enough. */
const everywhere: readonly GuestPath[] = ['/bin/sh', '/usr/bin/sh', '/bin/busybox', '/sbin/init'];

async function findArch(files: GuestFiles): Promise<Read<string>> {
  let answer: Read<string> = { is: 'absent' };
  for (const path of everywhere) {
    const head = await readPart(files, path, 64);
    if (head.is === 'absent') continue;
    const found = head.is === 'there' ? elfArch(head.value) : undefined;
    if (found !== undefined) return { is: 'there', value: found.arch };
    const why = head.is === 'unreadable' ? head.why : 'not a program of a known architecture';
    if (answer.is === 'absent') answer = { is: 'unreadable', why: `${path}: ${why}` };
  }
  return answer;
}

/** What grub-install and extlinux leave on a disk that starts by BIOS. */
const biosFiles: readonly GuestPath[] = [
  '/boot/grub/i386-pc/core.img',
  '/boot/grub2/i386-pc/core.img',
  '/boot/grub/stage2',
  '/boot/extlinux/ldlinux.sys',
  '/boot/ldlinux.sys',
];
const uefiFiles: readonly GuestPath[] = [
  '/boot/grub/x86_64-efi/core.efi',
  '/boot/grub/arm64-efi/core.efi',
  '/boot/grub2/x86_64-efi/core.efi',
  '/boot/grub2/arm64-efi/core.efi',
];
/** Packages that install a boot loader; those that only carry its files (`grub-pc-bin`) say nothing. */
const biosPackages = ['grub-pc', 'grub-legacy', 'lilo'];
const uefiPackages = ['grub-efi-amd64', 'grub-efi-arm64'];
/** Where the EFI system partition is mounted. */
const espFolders: readonly GuestPath[] = ['/boot/efi', '/efi'];

async function findFirmware(files: GuestFiles, packages: OsFacts['packages']): Promise<OsFacts['firmware']> {
  const [bios, uefi] = await Promise.all([filesThere(files, biosFiles), filesThere(files, uefiFiles)]);
  bios.push(...packagesThere(packages, biosPackages));
  uefi.push(...packagesThere(packages, uefiPackages), ...(await systemPartition(files)));
  if (files.where === 'live' && (await isThere(files, '/sys/firmware/efi'))) uefi.push({ path: '/sys/firmware/efi' });
  const evidence = [...bios, ...uefi];
  if (bios.length > 0 && uefi.length > 0) return { is: 'both', evidence };
  return { is: bios.length > 0 ? 'bios' : uefi.length > 0 ? 'uefi' : 'unknown', evidence };
}

async function filesThere(files: GuestFiles, paths: readonly GuestPath[]): Promise<Evidence[]> {
  const there = await Promise.all(paths.map((path) => isThere(files, path)));
  return paths.filter((_, at) => there[at]).map((path) => ({ path }));
}

function packagesThere(packages: OsFacts['packages'], names: readonly string[]): Evidence[] {
  if (packages.is !== 'there') return [];
  const installed = names.filter((name) => packages.value[name] !== undefined);
  return installed.map((name) => ({ path: '/var/lib/dpkg/status', text: `${name} ${packages.value[name]}` }));
}

async function systemPartition(files: GuestFiles): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  const fstab = await files.text('/etc/fstab');
  for (const { target, type, line, text } of fstab.is === 'there' ? parseFstab(fstab.value) : []) {
    if (espFolders.some((folder) => folder === target) && type === 'vfat')
      evidence.push({ path: '/etc/fstab', line, text });
  }
  for (const folder of espFolders) {
    const names = await namesIn(files, below(folder, 'EFI'));
    if (names.length > 0) evidence.push({ path: below(folder, 'EFI'), text: names.join(' ') });
  }
  return evidence;
}

const inits: Readonly<Record<string, OsFacts['init']>> = {
  systemd: 'systemd',
  upstart: 'upstart',
  'openrc-init': 'openrc',
};

/** By what /sbin/init really is; where that is a program of its own name, by what the init systems keep beside it. */
async function findInit(files: GuestFiles): Promise<OsFacts['init']> {
  const real = await files.real('/sbin/init');
  const named = real.is === 'there' ? inits[real.value.slice(real.value.lastIndexOf('/') + 1)] : undefined;
  if (named !== undefined) return named;
  const systemd = await isThere(files, '/usr/lib/systemd/systemd');
  // A root whose /sbin/init is missing (systemd without systemd-sysv) is started by init= on the kernel line.
  if (real.is !== 'there') return systemd || (await isThere(files, '/lib/systemd/systemd')) ? 'systemd' : 'unknown';
  if (await firstThere(files, ['/sbin/openrc-run', '/usr/sbin/openrc-run', '/sbin/openrc'])) return 'openrc';
  // RHEL 6 has /etc/inittab as well, for the default run level only.
  if (await isThere(files, '/sbin/initctl')) {
    if ((await namesIn(files, '/etc/init')).some((name) => name.endsWith('.conf'))) return 'upstart';
  }
  return (await isThere(files, '/etc/inittab')) ? 'sysv' : 'unknown';
}

async function findImageBased(files: GuestFiles, distro: Distro): Promise<string | undefined> {
  const known = imageBasedIds[distro.id];
  if (known !== undefined) return known;
  for (const { path, what } of imageSigns) if (await isThere(files, path)) return what;
  return (await readOnlyRoot(files)) ?? (await unifiedKernels(files));
}

/** SLE Micro and its like mount the root read-only and change it by snapshots. */
async function readOnlyRoot(files: GuestFiles): Promise<string | undefined> {
  const fstab = await files.text('/etc/fstab');
  const entries = fstab.is === 'there' ? parseFstab(fstab.value) : [];
  const fixed = entries.find(({ target, options }) => ['/', '/usr'].includes(target) && options.includes('ro'));
  return fixed && `${fixed.target} is mounted read-only (/etc/fstab line ${fixed.line})`;
}

/** Kernel, initrd and kernel line in one signed file, and no kernel beside it. */
async function unifiedKernels(files: GuestFiles): Promise<string | undefined> {
  const hasKernel = (await namesIn(files, '/boot')).some((name) => /^(?:vmlinu[xz]|Image)/.test(name));
  if (hasKernel) return undefined;
  for (const folder of [...espFolders, '/boot'] as const) {
    const names = await namesIn(files, `${folder}/EFI/Linux`);
    if (names.some((name) => /\.efi$/i.test(name))) return 'unified kernel images';
  }
  return undefined;
}
