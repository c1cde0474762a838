import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { edit, putter } from './edit.ts';
import { driversElsewhere, interfaces } from './spoil.ts';

/** Cheap variants of a spoiled root: each changes one thing, in place. */
export const twists = {
  /** The driver is there, and forbidden. */
  'hv-storvsc-blacklisted': async (root: string) => {
    await putter(root)('/etc/modprobe.d/hardening.conf', 'blacklist hv_storvsc\ninstall udf /bin/true\n');
  },
  'static-network': async (root: string) => {
    const stanza = 'iface eth0 inet static\n  address 192.0.2.15/24\n  gateway 192.0.2.1';
    await putter(root)('/etc/network/interfaces', interfaces(stanza));
  },
  /** initramfs-tools takes what is listed and no more: an initrd is built in a tenth of the time that `most` takes. */
  'listed-modules': async (root: string) => {
    const folder = path.join(root, 'etc/initramfs-tools');
    await edit(path.join(folder, 'initramfs.conf'), [[/^MODULES=.*$/m, 'MODULES=list']]);
    await appendFile(path.join(folder, 'modules'), `${driversElsewhere.join('\n')}\n`);
  },
} as const;
