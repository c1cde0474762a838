import { readSshdFiles } from '../formats/sshd-config.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts, SshFacts } from '../model.ts';
import { below, firstThere, glob, namesIn } from './folders.ts';
import type { Units } from './units.ts';

const servers: readonly GuestPath[] = ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd'];
/** SLES 16 and Tumbleweed keep the distribution's file below /usr; one in /etc takes its place. */
const configurations: readonly GuestPath[] = [
  '/etc/ssh/sshd_config',
  '/usr/etc/ssh/sshd_config',
  '/usr/local/etc/ssh/sshd_config',
];
const keyFolder: GuestPath = '/etc/ssh';

/** The SSH server: whether it is there and starts, its settings, the keys that it shows. */
export async function scanSsh(files: GuestFiles, os: OsFacts, units: Units): Promise<SshFacts> {
  const server = await firstThere(files, servers);
  const config = await firstThere(files, configurations);
  const names = os.distro.family === 'debian' || os.distro.family === 'ubuntu' ? ['ssh', 'sshd'] : ['sshd', 'ssh'];
  const service = { units: names.flatMap((name) => [`${name}.service`, `${name}.socket`]), scripts: names };
  // What waagent deletes: `ssh_host_*key*`.
  const keys = (await namesIn(files, keyFolder)).filter((name) => /^ssh_host_.*key/.test(name));
  return {
    server,
    config,
    unit: await units.state(service, server !== undefined),
    settings: config === undefined ? {} : await readSettings(files, config),
    hostKeys: keys.map((name) => below(keyFolder, name)),
  };
}

/**
 * Include names its files by pattern, and those may include others: the configuration is read again with what was
 * asked for the time before, until it asks for nothing new.
 */
async function readSettings(files: GuestFiles, config: GuestPath): Promise<SshFacts['settings']> {
  const text = await files.text(config);
  if (text.is !== 'there') return {};
  const known = new Map<string, { path: GuestPath; text: string }[]>();
  for (;;) {
    const unknown = new Set<string>();
    const settings = readSshdFiles(config, text.value, (pattern) => {
      const found = known.get(pattern);
      if (found === undefined) unknown.add(pattern);
      return found ?? [];
    });
    if (unknown.size === 0) return settings;
    for (const pattern of unknown) known.set(pattern, await included(files, pattern));
  }
}

async function included(files: GuestFiles, pattern: string): Promise<{ path: GuestPath; text: string }[]> {
  // sshd_config(5): a relative name is below /etc/ssh, wherever the file that includes it lies.
  const paths = await glob(files, pattern.startsWith('/') ? pattern : `${keyFolder}/${pattern}`);
  const texts = await Promise.all(
    paths.map(async (path) => {
      const text = await files.text(path);
      return text.is === 'there' ? [{ path, text: text.value }] : [];
    }),
  );
  return texts.flat();
}
