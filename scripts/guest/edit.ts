import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes files of a root, with the folders above them. */
export function putter(root: string) {
  return async (file: string, content: string, mode = 0o644) => {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    await chmod(target, mode);
  };
}

/** Changes a file by patterns, each of which must be there. */
export async function edit(file: string, changes: readonly (readonly [RegExp, string])[]): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [pattern, to] of changes) {
    if (!pattern.test(text)) throw new Error(`${file} has no line like ${pattern}`);
    text = text.replace(pattern, to);
  }
  await writeFile(file, text);
}
