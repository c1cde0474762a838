import type { AccountFacts } from '../model.ts';
import { splitLines } from './lines.ts';

export interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly line: number;
}

/** Accounts of /etc/passwd. Lines that are none (too few fields, no numeric id, NIS `+`) are passed over. */
export function readPasswd(text: string): PasswdLine[] {
  return splitLines(text).flatMap(({ text: line }, at) => {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':', 7);
    if (!/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid) || name === '' || /^[#+-]/.test(name)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell, line: at + 1 }];
  });
}

export type PasswordState = AccountFacts['users'][number]['password'];

export interface ShadowLine {
  readonly name: string;
  readonly password: PasswordState;
  readonly line: number;
}

/**
 * Passwords of /etc/shadow: `locked` where the field holds `!` or `*`, or is `x`; `none` where it is empty, which lets
 * anyone in; else `set`. Accounts without a line here are the caller's to call unknown.
 */
export function readShadow(text: string): ShadowLine[] {
  return splitLines(text).flatMap(({ text: line }, at) => {
    const [name = '', field] = line.split(':', 2);
    if (field === undefined || name === '' || /^[#+-]/.test(name)) return [];
    const locked = /[!*]/.test(field) || field === 'x';
    return [{ name, password: locked ? 'locked' : field === '' ? 'none' : 'set', line: at + 1 } as const];
  });
}

/** Whether root's only line in a shadow file is the one that waagent writes (osutil/default.py, del_root_password). */
export function isRootLockedByAgent(shadow: string): boolean {
  const lines = shadow.split('\n').filter((line) => line.startsWith('root:'));
  return lines.length === 1 && lines[0] === 'root:*LOCK*:14600::::::';
}
