import { distroOf } from '../families/distro/index.ts';
import { readIniLines } from '../formats/ini-lines.ts';
import { readSshdFiles } from '../formats/sshd-config.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Evidence, GuestPath, OsFacts, SshFacts } from '../model.ts';
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
  const names = distroOf(os.distro.family)?.agent.sshServices ?? ['sshd', 'ssh'];
  const service = { units: names.flatMap((name) => [`${name}.service`, `${name}.socket`]), scripts: names };
  // What waagent deletes: `ssh_host_*key*`.
  const keys = (await namesIn(files, keyFolder)).filter((name) => /^ssh_host_.*key/.test(name));
  return {
    server,
    config,
    unit: await units.state(service, server !== undefined),
    settings: config === undefined ? {} : await readSettings(files, config),
    hostKeys: keys.map((name) => below(keyFolder, name)),
    keyMakers: server === undefined ? [] : await findKeyMakers(files, os, names, units),
  };
}

/** Units that make host keys and are started for their own sake; those that the server's unit names are found by it. */
const ownKeyUnits = [
  'sshd-keygen.service',
  'ssh-keygen.service',
  'sshdgenkeys.service',
  'regenerate_ssh_host_keys.service',
];
const isKeyMaker = /keygen|gen-?keys/i;

/** RHEL and Arch have a unit for it, SUSE a program before the server, others the init script; Debian has nothing. */
async function findKeyMakers(
  files: GuestFiles,
  os: OsFacts,
  names: readonly string[],
  units: Units,
): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for (const name of names) {
    const service = await units.state({ units: [`${name}.service`] });
    const text = service.at && !service.masked ? await files.text(service.at) : undefined;
    if (service.at === undefined || text?.is !== 'there') continue;
    if (os.init === 'systemd' || os.init === 'unknown')
      found.push(...(await namedIn(files, service.at, text.value, units)));
    else if (text.value.includes('ssh-keygen')) found.push({ path: service.at, text: 'ssh-keygen' });
  }
  for (const unit of ownKeyUnits) {
    const { enabled, at } = await units.state({ units: [unit] });
    if (enabled && at !== undefined && (await outlivesReset(files, at))) found.push({ path: at });
  }
  return [...new Map(found.map((at) => [`${at.path} ${at.text ?? ''}`, at])).values()];
}

/** What the server's unit runs before the server, or pulls in. */
async function namedIn(files: GuestFiles, path: GuestPath, text: string, units: Units): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for (const { key, value, line } of readIniLines(text)) {
    const at: Evidence = { path, line, text: `${key}=${value}` };
    if (/^ExecStartPre$/.test(key) && isKeyMaker.test(value)) found.push(at);
    if (!/^(?:Wants|Requires)$/.test(key)) continue;
    for (const name of value.split(/\s+/).filter((word) => isKeyMaker.test(word))) {
      const unit = await units.state({ units: [name] });
      const there = unit.installed && !unit.masked && unit.at !== undefined;
      if (there && (await outlivesReset(files, unit.at))) found.push(at);
    }
  }
  return found;
}

/** systemd takes an empty /etc/machine-id, which a sealed image has, for no first boot (systemd.unit(5), ConditionFirstBoot). */
async function outlivesReset(files: GuestFiles, unit: GuestPath): Promise<boolean> {
  const text = await files.text(unit);
  return text.is === 'there' && !/^ConditionFirstBoot\s*=\s*(?:yes|true|1|on)/im.test(text.value);
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
