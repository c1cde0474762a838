import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs one of the cases of `mount-cases.ts` in a process of its own, with mounts that only it sees and that are gone with it.
 * Gives back what the case returned.
 */
export function inPrivateMounts(name: string, folder: string): unknown {
  const cases = fileURLToPath(new URL('mount-cases.ts', import.meta.url));
  const privately = ['--mount', '--propagation', 'private', '--'];
  const said = execFileSync('unshare', [...privately, process.execPath, cases, name, folder], { encoding: 'utf8' });
  return JSON.parse(said);
}
