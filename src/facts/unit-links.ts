import { readIniLines } from '../formats/ini-lines.ts';
import { chkconfigOf, type InitHeader } from '../formats/init-header.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts, UnitLinks } from '../model.ts';
import { below, firstThere, isThere, namesIn } from './folders.ts';

/** The links that switch a service on or off: what `systemctl enable`, `chkconfig on` and `rc-update add` make and take away. */
export interface Switching {
  readonly toEnable?: UnitLinks;
  readonly toDisable?: UnitLinks;
}

const own: GuestPath = '/etc/systemd/system';

/** What a unit's [Install] section, its drop-ins included, asks for. An empty value takes back what stands before it. */
async function installOf(files: GuestFiles, name: string, at: GuestPath): Promise<Record<string, readonly string[]>> {
  const folder = below(own, `${name}.d`);
  const paths = (await namesIn(files, folder)).filter((one) => one.endsWith('.conf')).map((one) => below(folder, one));
  const asked: Record<string, string[]> = { WantedBy: [], RequiredBy: [], UpheldBy: [], Alias: [], Also: [] };
  for (const path of [at, ...paths]) {
    const text = await files.text(path);
    for (const { section, key, value } of text.is === 'there' ? readIniLines(text.value) : []) {
      if (section !== 'Install' || asked[key] === undefined) continue;
      const words = value.split(/\s+/).filter((word) => /^[\w:.@\\-]+\.[a-z]+$/.test(word));
      asked[key] = value === '' ? [] : [...asked[key], ...words];
    }
  }
  return asked;
}

/** What is known of a systemd unit, to switch it by. */
export interface SystemdUnit {
  readonly name: string;
  /** The unit file, and a mask above it. */
  readonly at: GuestPath | undefined;
  readonly mask: GuestPath | undefined;
  /** Links that pull it in, or give it another name. */
  readonly links: readonly GuestPath[];
}

const isOwn = (path: GuestPath) => path.startsWith(`${own}/`);

/**
 * The links of a systemd unit by its [Install] section. Where it has none it is hung into multi-user.target, as `systemctl
 * add-wants` does. Units under `Also=` come along; `find` gives them. A mask that is not in /etc cannot be taken away.
 */
export async function systemdLinks(
  files: GuestFiles,
  unit: SystemdUnit,
  find: (name: string) => Promise<SystemdUnit>,
  seen: Set<string> = new Set(),
): Promise<Switching> {
  const { name, at, mask, links } = unit;
  seen.add(name);
  // A dependency that the distribution ships is taken away by a link of its name to /dev/null in /etc (systemd.unit(5)).
  const shipped = links.filter((link) => !isOwn(link)).map((link) => below(own, link.split('/').slice(-2).join('/')));
  const off = {
    make: [...new Set(shipped)].filter((path) => !links.includes(path)).map((path) => ({ path, to: '/dev/null' })),
    drop: links.filter(isOwn),
  };
  if (at === undefined || (mask !== undefined && !isOwn(mask))) return { toDisable: off };
  const asked = await installOf(files, name, at);
  const into = (kind: string, targets: readonly string[] = []) =>
    targets.map((target) => ({ path: below(own, `${target}.${kind}/${name}`), to: at }));
  const make: UnitLinks['make'][number][] = [
    ...into('wants', asked['WantedBy']),
    ...into('requires', asked['RequiredBy']),
    ...into('upholds', asked['UpheldBy']),
    // An alias is of the unit's own kind; another unit of that name is not written over.
    ...(asked['Alias'] ?? [])
      .filter((alias) => alias !== name && alias.split('.').at(-1) === name.split('.').at(-1))
      .map((alias) => ({ path: below(own, alias), to: at })),
  ];
  for (const also of asked['Also'] ?? []) {
    if (seen.has(also)) continue;
    const other = await find(also);
    if (other.at === undefined || other.mask !== undefined) continue;
    make.push(...((await systemdLinks(files, other, find, seen)).toEnable?.make ?? []));
  }
  const free = await Promise.all(make.map(async ({ path }) => !(await holdsFile(files, path))));
  const asks = make.filter((_, index) => free[index]);
  const fallback = [{ path: below(own, `multi-user.target.wants/${name}`), to: at }];
  return {
    toEnable: { make: asks.length > 0 ? asks : fallback, drop: mask === undefined ? [] : [mask] },
    toDisable: off,
  };
}

async function holdsFile(files: GuestFiles, path: GuestPath): Promise<boolean> {
  const stat = await files.stat(path);
  return stat.is === 'there' && stat.value.type !== 'link';
}

/** The levels that `chkconfig NAME on` and `off` mean where none are given. */
const startLevels = ['2', '3', '4', '5'];
const stopLevels = ['0', '1', '6'];

/**
 * The links of an init script: S?? and K?? links by its header, as chkconfig makes them; an entry in OpenRC's default run level.
 * Nothing where insserv keeps an order of its own (`.depend.start`): a link made by hand is not in it.
 */
export async function scriptLinks(
  files: GuestFiles,
  name: string,
  at: GuestPath,
  init: OsFacts['init'],
  levels: readonly GuestPath[],
): Promise<Switching> {
  if (init === 'openrc') {
    const entries = levels.map((folder) => below(folder, name));
    const there = await Promise.all(entries.map((entry) => isThere(files, entry)));
    const path: GuestPath = `/etc/runlevels/default/${name}`;
    return {
      toEnable: { make: [{ path, to: `/etc/init.d/${name}` }], drop: [] },
      toDisable: { make: [], drop: entries.filter((_, index) => there[index]) },
    };
  }
  if ((await firstThere(files, ['/etc/init.d/.depend.start'])) !== undefined) return {};
  const text = await files.text(at);
  const header = text.is === 'there' ? chkconfigOf(text.value) : undefined;
  const parent = await firstThere(files, ['/etc/rc.d/rc3.d', '/etc/rc3.d']);
  if (header === undefined || parent === undefined) return {};
  return levelLinks(files, name, header, parent.slice(0, -'/rc3.d'.length) as GuestPath);
}

async function levelLinks(files: GuestFiles, name: string, header: InitHeader, parent: GuestPath): Promise<Switching> {
  const of = async (level: string) => {
    const folder: GuestPath = `${parent}/rc${level}.d`;
    const names = (await namesIn(files, folder)).filter((one) => one.slice(3) === name && /^[SK]\d\d/.test(one));
    const paths = (letter: string) => names.filter((one) => one.startsWith(letter)).map((one) => below(folder, one));
    return { folder, starts: paths('S'), stops: paths('K') };
  };
  const [run, halt] = [await Promise.all(startLevels.map(of)), await Promise.all(stopLevels.map(of))];
  const to = `../init.d/${name}`;
  const link = (folder: GuestPath, letter: string, number: string) => ({
    path: below(folder, `${letter}${number}${name}`),
    to,
  });
  const started = run.filter(({ starts }) => starts.length === 0);
  const stopped = [...run, ...halt].filter(({ stops }) => stops.length === 0);
  return {
    toEnable: {
      make: [
        ...started.map(({ folder }) => link(folder, 'S', header.start)),
        ...halt.filter(({ stops }) => stops.length === 0).map(({ folder }) => link(folder, 'K', header.stop)),
      ],
      drop: run.flatMap(({ stops }) => stops),
    },
    toDisable: {
      make: stopped.map(({ folder }) => link(folder, 'K', header.stop)),
      drop: run.flatMap(({ starts }) => starts),
    },
  };
}
