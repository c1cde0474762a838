import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildRoot, packRoot, type RootRecipe, unpackRoot } from './build-root.ts';
import { cached, recipeKey, removeTree } from './cache.ts';
import { disk, installBootLoader, makeImage, saveBootArea } from './image.ts';
import { type SpoilRecipe, spoil } from './spoil.ts';

export type GuestRecipe = Pick<RootRecipe, 'suite'> & SpoilRecipe;

/** A guest as somebody would bring it, in the cache. */
export interface SpoiledGuest {
  /** The root as `.tar.zst`, with a real grub.cfg: for `unpackRoot`. */
  readonly tarball: string;
  /** First MiB of its disk: for `makeImage`. */
  readonly bootArea: string;
}

/** The guests that the tests use. */
export const guests = {
  bookworm: { suite: 'bookworm', initrd: 'initramfs-tools', swap: 'partition' },
  'bookworm-dracut': { suite: 'bookworm', initrd: 'dracut', swap: 'partition' },
  trixie: { suite: 'trixie', initrd: 'initramfs-tools', swap: 'file' },
} as const satisfies Record<string, GuestRecipe>;

/** Builds a guest, or finds it in the cache. */
export async function spoiledGuest(recipe: GuestRecipe): Promise<SpoiledGuest> {
  const base = await buildRoot(recipe);
  const how = await Promise.all(
    ['spoil.ts', 'image.ts'].map((name) => readFile(path.join(import.meta.dirname, name), 'utf8')),
  );
  const key = { base: path.basename(path.dirname(base)), recipe, how: recipeKey(how) };
  const folder = await cached(`spoiled-${recipe.suite}-${recipe.initrd}`, key, async (into) => {
    const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-spoil-'));
    try {
      const root = path.join(work, 'root');
      const image = path.join(work, 'disk.img');
      await unpackRoot(base, root);
      await spoil(root, recipe);
      await makeImage(root, image);
      await installBootLoader(image, async (mounted) => {
        await mounted.space.must(['cp', '-a', `${mounted.root}/boot/grub`, path.join(root, 'boot')]);
      });
      await saveBootArea(image, path.join(into, 'boot-area.img'));
      await packRoot(root, path.join(into, 'root.tar.zst'));
    } finally {
      await removeTree(work);
    }
  });
  return { tarball: path.join(folder, 'root.tar.zst'), bootArea: path.join(folder, 'boot-area.img') };
}

/** What a test says of the root file system when it looks at a kernel line. */
export const rootArgument = `root=UUID=${disk.root.uuid}`;
