/**
 * Variables of files that a shell sources (/etc/default/grub, initramfs.conf, dracut.conf, /etc/sysconfig/*): later wins.
 * Read without running anything. What the shell would have to work out stands as it is written, marked as not literal.
 */
import type { GuestPath, ShellSetting } from '../model.ts';
import { followShell, type ShellFile } from './shell-state.ts';

export { readDracutConf } from './dracut-conf.ts';
export { setShellVar } from './shell-edit.ts';
export { findShellFaults } from './shell-faults.ts';

/** What files that are sourced one after another come to. Values of one file are seen by the next. */
export function readShellFiles(files: readonly ShellFile[]): Record<string, ShellSetting> {
  return followShell(files, true);
}

/**
 * What one file sets by itself. A variable that it takes from elsewhere stays as written (`$X`) and makes the value not
 * literal; setShellVar understands a value that still holds it.
 */
export function readShellVars(text: string, path: GuestPath): Record<string, ShellSetting> {
  return followShell([{ path, text }], false);
}
