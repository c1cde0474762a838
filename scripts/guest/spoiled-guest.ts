import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildRoot, packRoot, type RootRecipe, unpackRoot } from './build-root.ts';
import { loaders } from './boot-loaders.ts';
import { cached, recipeKey, removeTree } from './cache.ts';
import { makeImage, saveHeaders, withMountedDisk } from './image.ts';
import { type Layout, layouts, nameOf, rootOf } from './layout.ts';
import { type SpoilRecipe, spoil } from './spoil.ts';
import { makeVolumeGroups } from './volume-group.ts';

export type GuestRecipe = RootRecipe & SpoilRecipe;

/** A guest as somebody would bring it, in the cache. */
export interface SpoiledGuest {
  /** The root as `.tar.zst`, with what its boot loader made: for `unpackRoot`. */
  readonly tarball: string;
  readonly layout: Layout;
  /** What of its disk is no file system: for `makeImage`. */
  readonly headers: string;
}

/** The guests that the tests use. */
export const guests = {
  bookworm: { suite: 'bookworm', initrd: 'initramfs-tools', loader: 'grub-pc', disk: 'mbr', swap: 'partition' },
  'bookworm-dracut': {
    suite: 'bookworm',
    initrd: 'dracut',
    loader: 'grub-pc',
    disk: 'lvm',
    swap: 'partition',
    extra: ['lvm2'],
  },
  trixie: { suite: 'trixie', initrd: 'initramfs-tools', loader: 'grub-efi-amd64', disk: 'esp', swap: 'file' },
  bullseye: {
    suite: 'bullseye',
    initrd: 'initramfs-tools',
    loader: 'grub-legacy',
    disk: 'mbr-ext3',
    swap: 'partition',
  },
  sid: { suite: 'sid', initrd: 'initramfs-tools', loader: 'systemd-boot', disk: 'esp', swap: 'partition' },
} as const satisfies Record<string, GuestRecipe>;

/** What decides how a spoiled guest comes out, besides its recipe and its packages. */
const howTo = ['boot-loaders.ts', 'image.ts', 'layout.ts', 'spoil.ts', 'spoiled-guest.ts', 'volume-group.ts'];

/** Builds a guest, or finds it in the cache. */
export async function spoiledGuest(recipe: GuestRecipe): Promise<SpoiledGuest> {
  const base = await buildRoot(recipe);
  const layout: Layout = layouts[recipe.disk];
  const how = await Promise.all(howTo.map((name) => readFile(path.join(import.meta.dirname, name), 'utf8')));
  const key = { base: path.basename(path.dirname(base)), recipe, how: recipeKey(how) };
  const folder = await cached(`spoiled-${recipe.suite}-${recipe.initrd}`, key, async (into) => {
    const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-spoil-'));
    try {
      const root = path.join(work, 'root');
      const image = path.join(work, 'disk.img');
      await unpackRoot(base, root);
      await spoil(root, recipe);
      await installLoader(root, image, recipe);
      await saveHeaders(image, layout, path.join(into, 'headers'));
      await packRoot(root, path.join(into, 'root.tar.zst'));
    } finally {
      await removeTree(work);
    }
  });
  return { tarball: path.join(folder, 'root.tar.zst'), layout, headers: path.join(folder, 'headers') };
}

/** Onto the disk, and into the root folder what of it lies below /boot. */
async function installLoader(root: string, image: string, recipe: GuestRecipe): Promise<void> {
  const layout: Layout = layouts[recipe.disk];
  const loader = loaders[recipe.loader];
  await loader.fill?.(root, layout);
  await makeImage(root, image, layout);
  await makeVolumeGroups(root, image, layout);
  if (!loader.install) return;
  await withMountedDisk(image, layout, async (mounted) => {
    await loader.install?.(mounted, layout);
    await mounted.space.must(['cp', '-a', `${mounted.root}/boot/grub`, path.join(root, 'boot')]);
  });
}

/** What a test says of the root file system when it looks at a kernel line. */
export function rootArgument(recipe: GuestRecipe): string {
  return `root=${nameOf(rootOf(layouts[recipe.disk]))}`;
}
