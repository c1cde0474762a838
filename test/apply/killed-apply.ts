import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { applyEvery, openGuest } from './applied-guest.ts';

/** A process of its own that applies the plan to the root given as its argument, and hangs in the middle of building the initrd. */
const [root = ''] = process.argv.slice(2);
const { guest } = openGuest(root, {
  '/usr/sbin/mkinitramfs': async () => {
    console.log('building');
    await once(createInterface(process.stdin), 'close');
    return {};
  },
});
console.log(JSON.stringify(await applyEvery(guest)));
