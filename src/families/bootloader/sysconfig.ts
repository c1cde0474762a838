import { readShellVars } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { GuestPath, ShellSetting } from '../../model.ts';

/** SUSE's word on its boot loader. */
export const sysconfigBootloader: GuestPath = '/etc/sysconfig/bootloader';

/** The variables of /etc/sysconfig/bootloader; none where there is no such file. */
export async function readSysconfig(files: GuestFiles): Promise<Readonly<Record<string, ShellSetting>>> {
  const text = await files.text(sysconfigBootloader);
  return text.is === 'there' ? readShellVars(text.value, sysconfigBootloader) : {};
}

/** LOADER_TYPE: grub, grub2, grub2-efi, grub2-bls, systemd-boot, none; undefined where nothing is said. */
export async function loaderType(files: GuestFiles): Promise<string | undefined> {
  const value = (await readSysconfig(files))['LOADER_TYPE']?.value;
  return value === undefined || value === '' ? undefined : value;
}
