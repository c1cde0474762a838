import { splitLines } from '../formats/lines.ts';
import { isRootLockedByAgent, type PasswdLine, type PasswordState, readPasswd, readShadow } from '../formats/passwd.ts';
import type { AccountFacts, GuestPath, Read } from '../model.ts';
import { below } from './folders.ts';
import type { RecordingFiles } from './recording-files.ts';
import { scanSudoers } from './sudoers.ts';

/** Who can log in, and what their shells remember. Neither hashes nor histories are kept, only what state they are in. */
export async function scanAccounts(files: RecordingFiles): Promise<AccountFacts> {
  const [passwd, shadow] = await Promise.all([files.text('/etc/passwd'), files.text('/etc/shadow')]);
  const text = passwd.is === 'there' ? passwd.value : '';
  const accounts = readPasswd(text);
  const lines = splitLines(text);
  const inShadow = new Map<string, PasswordState>();
  // The first line of a name is the one that getspnam(3) finds.
  for (const { name, password } of shadow.is === 'there' ? readShadow(shadow.value) : [])
    if (!inShadow.has(name)) inShadow.set(name, password);
  const users = accounts.map((account) => {
    const { name, uid, home, shell } = account;
    const own = ownPassword(lines[account.line - 1]?.text ?? '');
    return { name, uid, home, shell, password: own ?? inShadow.get(name) ?? 'unknown' };
  });
  return {
    users,
    shadow: readable(passwd, shadow),
    rootLockedByAgent: shadow.is === 'there' && isRootLockedByAgent(shadow.value),
    sudoers: await scanSudoers(files),
    authorizedKeys: await findKeys(files, accounts),
    firstUid: await firstUid(files),
    histories: await findHistories(files, accounts),
  };
}

/** Whether passwords could be told at all: which accounts there are stands in the other file. */
function readable(passwd: Read<string>, shadow: Read<string>): AccountFacts['shadow'] {
  if (shadow.is !== 'there') return shadow;
  if (passwd.is === 'there') return { is: 'there', value: true };
  return { is: 'unreadable', why: `/etc/passwd ${passwd.is === 'absent' ? 'is missing' : passwd.why}` };
}

/** What /etc/passwd itself says in field 2; `x` sends the reader to /etc/shadow. */
function ownPassword(line: string): PasswordState | undefined {
  const field = line.split(':')[1];
  if (field === undefined || field === 'x') return undefined;
  if (field === '') return 'none';
  return /[!*]/.test(field) ? 'locked' : 'set';
}

/** As LISA looks (verify_bash_history_is_empty): every account whose shell ends in `sh`, and root whatever its shell is. */
async function findHistories(
  files: RecordingFiles,
  accounts: readonly PasswdLine[],
): Promise<AccountFacts['histories']> {
  // passwd(5): an empty shell is /bin/sh.
  const people = accounts.filter(({ uid, shell }) => uid === 0 || shell === '' || shell.endsWith('sh'));
  const homes = new Set(['/root', ...people.map(({ home }) => home)].filter((home) => home.startsWith('/')));
  const found = new Map<GuestPath, number>();
  for (const home of homes) {
    const real = await files.real(home as GuestPath);
    if (real.is !== 'there') continue;
    const names = await files.names(real.value);
    // Judged by the name of what may be in there.
    if (names.is === 'unreadable') files.doubt(below(real.value, '.bash_history'), names.why);
    for (const name of names.is === 'there' ? names.value : []) {
      if (!/^\.(?:.*_history|history|lesshst|viminfo)$/.test(name)) continue;
      const bytes = await sizeOf(files, below(real.value, name));
      if (bytes > 0) found.set(below(real.value, name), bytes);
    }
  }
  return [...found].map(([path, bytes]) => ({ path, bytes }));
}

/** A link to /dev/null is how some people keep no history at all. */
async function sizeOf(files: RecordingFiles, path: GuestPath): Promise<number> {
  const real = await files.real(path);
  if (real.is !== 'there') return 0;
  const stat = await files.stat(real.value);
  return stat.is === 'there' && stat.value.type === 'file' ? stat.value.bytes : 0;
}

/** cloud-init lets nobody in as root by a key that only prints who to log in as. */
const stub = /command="echo 'Please login as/;

/** Keys of every account that can log in. */
async function findKeys(
  files: RecordingFiles,
  accounts: readonly PasswdLine[],
): Promise<AccountFacts['authorizedKeys']> {
  const found: { user: string; path: GuestPath; keys: number }[] = [];
  for (const { name, home, shell } of accounts) {
    if (!home.startsWith('/') || /\/(?:nologin|false)$/.test(shell)) continue;
    for (const file of ['authorized_keys', 'authorized_keys2']) {
      const path = below(below(home as GuestPath, '.ssh'), file);
      const text = await files.text(path);
      if (text.is !== 'there') continue;
      const keys = text.value.split('\n').filter((line) => /^\s*[^#\s]/.test(line) && !stub.test(line)).length;
      if (keys > 0) found.push({ user: name, path, keys });
    }
  }
  return found;
}

/** login.defs says from where on accounts are made for people; 1000 where it says nothing (shadow's own default). */
async function firstUid(files: RecordingFiles): Promise<number> {
  for (const path of ['/etc/login.defs', '/usr/etc/login.defs'] as const) {
    const text = await files.text(path);
    const value = text.is === 'there' ? /^[ \t]*UID_MIN[ \t]+(\d+)/m.exec(text.value)?.[1] : undefined;
    if (value !== undefined) return Number(value);
  }
  return 1000;
}
