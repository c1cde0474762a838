import { globTest } from '../formats/glob.ts';
import { readIniLines } from '../formats/ini-lines.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Evidence, GuestPath } from '../model.ts';
import { dropIns } from './folders.ts';

/** The one network card in Azure, as device lists of NetworkManager.conf(5) may name it. */
const card = 'eth0';

const vendor: GuestPath = '/usr/lib/NetworkManager/conf.d';
const runtime: GuestPath = '/run/NetworkManager/conf.d';
const own: GuestPath = '/etc/NetworkManager/conf.d';
const main: GuestPath = '/etc/NetworkManager/NetworkManager.conf';

/** In the order in which NetworkManager reads them: a file in /etc hides one of its name in /usr/lib, and later lines win. */
async function confFiles(files: GuestFiles): Promise<GuestPath[]> {
  const found = await dropIns(files, [own, runtime, vendor], (name) => name.endsWith('.conf'));
  const of = (folder: GuestPath) => found.filter((path) => path.startsWith(`${folder}/`));
  return [...of(vendor), ...of(runtime), main, ...of(own)];
}

/** Lists that keep NetworkManager from bringing up a card on its own: it may make no connection, or leave the card alone. */
const lists = ['main.no-auto-default', 'keyfile.unmanaged-devices'];

/**
 * The line that keeps NetworkManager from bringing up an Ethernet card for which nobody wrote a connection: what RHEL's
 * server package ships (`no-auto-default=*`), and Ubuntu (`unmanaged-devices=*` but for radios). Undefined where it does.
 */
export async function findIdleManager(
  files: GuestFiles,
): Promise<{ readonly how: 'no-auto-default' | 'unmanaged'; readonly at: Evidence } | undefined> {
  const now = new Map<string, { devices: readonly string[]; at: Evidence }>();
  for (const path of await confFiles(files)) {
    const text = await files.text(path);
    if (text.is !== 'there') continue;
    for (const { section, key, value, line, text: shown } of readIniLines(text.value)) {
      const sign = /[+-]$/.exec(key)?.[0];
      const name = `${section}.${sign === undefined ? key : key.slice(0, -1).trim()}`;
      if (!lists.includes(name)) continue;
      const listed = value.split(/[,;\s]+/).filter((word) => word !== '');
      const before = sign === undefined ? [] : (now.get(name)?.devices ?? []);
      const devices = sign === '-' ? before.filter((one) => !listed.includes(one)) : [...before, ...listed];
      now.set(name, { devices, at: { path, line, text: shown } });
    }
  }
  const [defaults, unmanaged] = lists.map((name) => now.get(name));
  if (unmanaged && covers(unmanaged.devices)) return { how: 'unmanaged', at: unmanaged.at };
  return defaults && covers(defaults.devices) ? { how: 'no-auto-default', at: defaults.at } : undefined;
}

/** One word that excepts the card outweighs all that name it. A hardware address is never that of a new machine. */
function covers(devices: readonly string[]): boolean {
  const excepted = devices.filter((word) => word.startsWith('except:')).map((word) => word.slice('except:'.length));
  return devices.some(namesCard) && !excepted.some(namesCard);
}

function namesCard(word: string): boolean {
  if (word === '*' || word === 'type:ethernet' || word === 'driver:hv_netvsc') return true;
  if (/^(?:except|type|driver|mac|s390-subchannels|dhcp-plugin):/.test(word)) return false;
  const pattern = word.replace(/^interface-name:/, '');
  return pattern.startsWith('=') ? pattern.slice(1) === card : globTest(pattern.replace(/^~/, ''))(card);
}
