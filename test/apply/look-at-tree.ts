import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const state = '/var/lib/prep-guest';

function describe(root: string, path: string, stat: BigIntStats): string {
  const kind = stat.isDirectory()
    ? 'folder'
    : stat.isSymbolicLink()
      ? `link to ${readlinkSync(join(root, path))}`
      : createHash('sha256')
          .update(readFileSync(join(root, path)))
          .digest('hex');
  const links = stat.isDirectory() ? '' : ` links ${stat.nlink}`;
  return `${kind} mode ${(stat.mode & 0o7777n).toString(8)} of ${stat.uid}:${stat.gid} at ${stat.mtimeNs}${links}`;
}

/**
 * Path to content, mode, owner, exact time (of folders too) and number of names; all but our own state folder. Fast enough to be
 * asked hundreds of times; extended attributes are left to test/lib/tree.ts.
 */
export function lookAtTree(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const walk = (path: string) => {
    if (path === state) return;
    const stat = lstatSync(join(root, path), { bigint: true });
    tree[path] = describe(root, path, stat);
    if (!stat.isDirectory()) return;
    for (const name of readdirSync(join(root, path)).sort()) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  walk('/');
  return tree;
}
