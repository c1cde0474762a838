import { type GrubEntry, grubLeadsTo, parseGrubCfg } from '../../formats/grub-cfg.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Evidence, GuestPath, OsFacts } from '../../model.ts';
import { belowBoot, folderOf, systemPartitions } from './boot-paths.ts';

/** Where grub-mkconfig writes: Debian's name first, then that of RHEL and SUSE. */
const grub2Menus: readonly GuestPath[] = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];

/** A grub.cfg that holds entries, or calls them in from files of their own. */
export interface GrubMenu {
  readonly path: GuestPath;
  readonly text: string;
  readonly entries: readonly GrubEntry[];
  readonly blscfg: boolean;
}

export interface GrubMenus {
  /** Full menus, the one first that the firmware ends in. */
  readonly menus: readonly GrubMenu[];
  /** Files on the EFI system partition that only lead to a menu. */
  readonly wrappers: readonly { readonly at: Evidence; readonly to: GuestPath }[];
  readonly unreadable: readonly Evidence[];
}

/**
 * Every GRUB 2 menu of the guest. A grub.cfg on the EFI system partition is a full menu on RHEL 7 and 8, and a few lines that
 * lead to /boot elsewhere: told apart by content, since the same release has both.
 */
export async function findGrubMenus(files: GuestFiles, os: OsFacts): Promise<GrubMenus> {
  const menus = new Map<GuestPath, GrubMenu>();
  const wrappers: { at: Evidence; to: GuestPath }[] = [];
  const unreadable: Evidence[] = [];
  for (const path of [...grub2Menus, ...(await systemPartitionMenus(files))]) {
    const text = await files.text(path);
    if (text.is === 'unreadable') unreadable.push({ path, text: text.why });
    if (text.is !== 'there') continue;
    const real = await files.real(path);
    const place = real.is === 'there' ? real.value : path;
    const { blscfg, configfiles } = grubLeadsTo(text.value);
    const entries = parseGrubCfg(text.value).filter((entry) => entry.linux !== undefined);
    if (entries.length > 0 || blscfg) menus.set(place, { path: place, text: text.value, entries, blscfg });
    else for (const to of configfiles.flatMap(wrapped)) wrappers.push({ at: { path }, to });
  }
  return { menus: inOrder([...menus.values()], wrappers, os), wrappers, unreadable };
}

async function systemPartitionMenus(files: GuestFiles): Promise<GuestPath[]> {
  const paths: GuestPath[] = [];
  for (const mount of systemPartitions) {
    const vendors = await files.names(`${mount}/EFI`);
    for (const vendor of vendors.is === 'there' ? vendors.value : []) paths.push(`${mount}/EFI/${vendor}/grub.cfg`);
  }
  // Azure Linux.
  return [...paths, '/boot/efi/boot/grub2/grub.cfg'];
}

/** Where `configfile` goes, whatever device it names: that is the boot partition. */
function wrapped(configfile: string): GuestPath[] {
  const path = configfile.replace(/^\([^)]*\)/, '').replace(/^\$\{?\w+\}?/, '');
  return path.startsWith('/') && !path.includes('$') ? [belowBoot(path)] : [];
}

const isOnSystemPartition = (path: GuestPath): boolean => /^\/(?:boot\/)?efi\//i.test(path);

/**
 * A machine that starts by UEFI alone ends in the full menu on its system partition, where there is one that is not the
 * removable path's. Else that menu comes first that a wrapper leads to, or that lies beside GRUB's own image.
 */
function inOrder(menus: readonly GrubMenu[], wrappers: GrubMenus['wrappers'], os: OsFacts): GrubMenu[] {
  const rank = ({ path }: GrubMenu): number => {
    if (isOnSystemPartition(path)) return os.firmware.is === 'uefi' ? (/\/EFI\/BOOT\//i.test(path) ? 1 : 0) : 4;
    const folder = folderOf(path);
    const image = os.firmware.evidence.some((at) => at.path.startsWith(`${folder}/`));
    return image || wrappers.some(({ to }) => to === path) ? 2 : 3;
  };
  return [...menus].sort((one, other) => rank(one) - rank(other));
}
