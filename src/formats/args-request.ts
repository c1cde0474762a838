import { type ArgsChange, keyOf, refuseOpenQuote, splitArgs } from './kernel-line.ts';

/**
 * Arguments that may stand several times, each with an effect of its own: one more is added, and none is replaced. All
 * others count once, and the last one wins. From the kernel's kernel-parameters.txt, dracut.cmdline(7),
 * kernel-command-line(7) of systemd, and modprobe.d(5) for modprobe.blacklist. `crashkernel=` is a case for editArgs.
 */
const repeatable = new Set([
  // kernel
  'acpi_osi',
  'console',
  'initcall_blacklist',
  'memmap',
  'netdev',
  'reserve',
  'video',
  // the boot loader, and the kernel's EFI stub
  'initrd',
  // modprobe, udev, systemd
  'modprobe.blacklist',
  'luks.name',
  'luks.options',
  'luks.uuid',
  'systemd.mask',
  'systemd.setenv',
  'systemd.set_credential',
  'systemd.wants',
  // dracut
  'bond',
  'bridge',
  'ifname',
  'ip',
  'nameserver',
  'netroot',
  'rd.dasd',
  'rd.dm.uuid',
  'rd.driver.blacklist',
  'rd.driver.post',
  'rd.driver.pre',
  'rd.luks.key',
  'rd.luks.name',
  'rd.luks.options',
  'rd.luks.partuuid',
  'rd.luks.serial',
  'rd.luks.uuid',
  'rd.lvm.lv',
  'rd.lvm.vg',
  'rd.md.uuid',
  'rd.nvmf.discover',
  'rd.route',
  'rd.systemd.mask',
  'rd.systemd.wants',
  'rd.zfcp',
  'rd.znet',
  'team',
  'vlan',
]);

/**
 * What `--add ARGS` and `--remove ARGS` of `prep-guest cmdline` ask for; both are pieces of a kernel line. `--remove key`
 * takes every `key` and `key=…`, `--remove key=` every `key=…`, `--remove key=v` exactly that. `--add key=v` takes the place
 * of the first `key=…` and the others go, unless the key may repeat; what is not there is added. Throws a RangeError for a
 * quote that is never closed, for `--` (what follows it is init's), and for an added argument that is not ASCII.
 */
export function requestedChange(add: string, remove: string): ArgsChange {
  for (const [option, args] of [
    ['--add', add],
    ['--remove', remove],
  ] as const) {
    refuseOpenQuote(args, option);
    if (splitArgs(args).includes('--'))
      throw new RangeError(`${option}: what follows -- is for init and is not edited`);
  }
  const odd = splitArgs(add).find((arg) => !/^[\t\n -~]*$/.test(arg));
  if (odd !== undefined) throw new RangeError(`--add ${odd}: not plain ASCII; quotes and dashes of a web page?`);
  const have = splitArgs(add);
  return {
    have,
    lack: splitArgs(remove).flatMap((arg) => (arg.includes('=') ? [arg] : [arg, `${arg}=`])),
    only: have.map(keyOf).filter((key) => !repeatable.has(key)),
  };
}
