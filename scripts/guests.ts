/** Builds the test guests into the cache, all or those named, and says how long each took and what it holds. */
import { stat } from 'node:fs/promises';
import { guests, spoiledGuest } from './guest/spoiled-guest.ts';

const wanted = process.argv.slice(2);
for (const [name, recipe] of Object.entries(guests)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = performance.now();
  const { tarball } = await spoiledGuest(recipe);
  const { size } = await stat(tarball);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${seconds} s, ${(size / 2 ** 20).toFixed(0)} MiB, ${tarball}`);
}
