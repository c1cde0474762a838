import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { applyEvery, openGuest } from './applied-guest.ts';

/** A process of its own that applies the plan to the root given as its argument, and hangs in the middle of building the initrd. */
const [root = ''] = process.argv.slice(2);
const { guest } = openGuest(root, {
  '/usr/sbin/mkinitramfs': async (_root, _argv, { env }) => {
    const tree = join(root, env?.TMPDIR ?? '/var/tmp', 'mkinitramfs_XyZ012/usr');
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, 'busybox'), 'half');
    console.log('building');
    await once(createInterface(process.stdin), 'close');
    return {};
  },
});
console.log(JSON.stringify(await applyEvery(guest)));
