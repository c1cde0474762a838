import { distroOf } from '../families/distro/index.ts';
import { packageManagers } from '../families/package-manager/index.ts';
import { initrdAdvice } from '../families/initrd/index.ts';
import type { Facts, GuestPath } from '../model.ts';

/** Commands for the person who does what this program cannot, in the words of the guest's own tools. */

/** How to learn the UUID of a device. Beside a mounted root the same name is another device: the preparing machine's own. */
export function uuidByHand(facts: Facts, device: string): string {
  if (facts.where === 'live') return `\`blkid -s UUID -o value ${device}\` prints it`;
  return `\`lsblk -f\` shows it beside the mount point; here the guest's ${device} has another name`;
}

/** How a person changes the kernel's command line for every entry and every later kernel. */
export function kernelLineByHand(facts: Facts, add: readonly string[], remove: readonly string[]): string {
  const { boot, os } = facts;
  const byHand = distroOf(os.distro.family)?.boot.byHand;
  if (byHand?.tool === 'grubby') return grubby(add, remove);
  // grub-mkconfig asks which device / is on, and beside a mounted root that is one of the preparing machine.
  if (facts.where === 'offline' && boot.kind === 'grub2')
    return inFile(
      `GRUB_CMDLINE_LINUX of /etc/default/grub and the linux lines of ${boot.cfg}`,
      afterBoot(facts),
      add,
      remove,
    );
  if (boot.kind !== 'grub2' && boot.kind !== 'unknown')
    return inFile(`every entry of ${boot.cfg}, and in ${boot.nextAt.path}`, undefined, add, remove);
  return inFile(
    byHand?.file ?? "the boot loader's configuration",
    byHand?.command ?? 'what writes its menu',
    add,
    remove,
  );
}

function grubby(add: readonly string[], remove: readonly string[]): string {
  const args = add.length > 0 ? ` --args="${add.join(' ')}"` : '';
  const gone = remove.length > 0 ? ` --remove-args="${remove.join(' ')}"` : '';
  return `grubby --update-kernel=ALL${gone}${args}, and the same in /etc/default/grub and /etc/kernel/cmdline`;
}

function inFile(file: string, command: string | undefined, add: readonly string[], remove: readonly string[]): string {
  const parts = [
    ...(remove.length > 0 ? [`take out ${remove.join(' ')}`] : []),
    ...(add.length > 0 ? [`add ${add.join(' ')}`] : []),
  ];
  return `in ${file}: ${parts.join(', ')}${command === undefined ? '' : `; then run ${command}`}`;
}

function menuOf({ boot }: Facts): GuestPath {
  return boot.kind === 'unknown' ? '/boot/grub/grub.cfg' : boot.cfg;
}

function menuCommand(facts: Facts): string {
  const cfg = menuOf(facts);
  return distroOf(facts.os.distro.family)?.boot.menuCommand(cfg) ?? `grub-mkconfig -o ${cfg}`;
}

function afterBoot(facts: Facts): string {
  return `${menuCommand(facts)} in the guest once it runs, not here, where it would write this machine's own device as root=`;
}

/** How a person makes the boot menu anew from its sources. */
export function menuByHand(facts: Facts): string {
  const { boot } = facts;
  if (boot.kind !== 'grub2' && boot.kind !== 'unknown') return `edit ${boot.cfg}`;
  if (facts.where === 'live') return `run ${menuCommand(facts)}`;
  return `edit ${menuOf(facts)}, or run ${afterBoot(facts)}`;
}

/** How a person gets drivers into the initrd of one kernel, and into all later ones. */
export function initrdByHand(facts: Facts, kernel: string, drivers: readonly string[]): string {
  return initrdAdvice(kernel, drivers, facts.initrdTool);
}

/** The command that installs packages here. */
export function installByHand(facts: Facts, ...packages: readonly string[]): string {
  const habits = distroOf(facts.os.distro.family)?.packages;
  const manager = habits && packageManagers[habits.manager(facts.os)];
  const install = manager?.byHand.install ?? "with the guest's package manager, install";
  return `${install} ${packages.join(' ')}`;
}

/** How a person gets drivers that the installed kernel package does not bring. */
export function fullKernelByHand(facts: Facts, version: string): string {
  const name = distroOf(facts.os.distro.family)?.packages.kernelExtras(version);
  return name === undefined
    ? `install or build a kernel ${version} with these drivers`
    : `${installByHand(facts, name)}, or boot another kernel that has them`;
}

/** How a person has a service start at boot. */
export function enableByHand(facts: Facts, unit: string): string {
  const bare = unit.replace(/\.(service|socket)$/, '');
  if (facts.os.init === 'sysv' || facts.os.init === 'upstart') return `chkconfig ${bare} on`;
  if (facts.os.init === 'openrc') return `rc-update add ${bare} default`;
  return `systemctl unmask ${unit}; systemctl enable ${unit}`;
}
