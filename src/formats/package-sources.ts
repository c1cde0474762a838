import { readIniLines } from './ini-lines.ts';
import { splitLines } from './lines.ts';

/** One place that packages come from, as its configuration says. */
export interface PackageSource {
  /** Suite of apt, section of an ini file, path of apk. */
  readonly id: string;
  /** Without user and password. */
  readonly address: string;
  readonly enabled: boolean;
  /** From 1: where it begins. */
  readonly line: number;
}

const bare = (address: string) => address.replace(/\/\/[^/@]*@/, '//');

/** `deb [options] URI SUITE COMPONENT…` (sources.list(5)); sources of source code are none. */
function readApt(text: string): PackageSource[] {
  return splitLines(text).flatMap((line, at) => {
    const [, address = '', id = ''] =
      /^\s*deb\s+(?:\[[^\]]*\]\s+)?(cdrom:\[[^\]]*\]\S*|\S+)\s+(\S+)/.exec(line.text) ?? [];
    return id === '' ? [] : [{ id, address: bare(address), enabled: true, line: at + 1 }];
  });
}

/** Stanzas of `Types:`, `URIs:`, `Suites:`, `Enabled:` (sources.list(5)): each suite of each address is one source. */
function readDeb822(text: string): PackageSource[] {
  const found: PackageSource[] = [];
  let fields: Record<string, string> = {};
  let begin = 1;
  let key = '';
  const finish = () => {
    const list = (name: string) => (fields[name] ?? '').split(/\s+/).filter((word) => word !== '');
    const enabled = !/^(?:no|false|without|off|disable|0)$/i.test((fields['enabled'] ?? 'yes').trim());
    if (list('types').includes('deb'))
      for (const address of list('uris'))
        for (const id of list('suites')) found.push({ id, address: bare(address), enabled, line: begin });
    fields = {};
    key = '';
  };
  for (const [at, { text: line }] of splitLines(text).entries()) {
    if (line.startsWith('#')) continue;
    const field = /^([A-Za-z][\w-]*)\s*:(.*)$/.exec(line);
    if (line.trim() === '') finish();
    else if (field !== null) {
      if (key === '') begin = at + 1;
      key = (field[1] as string).toLowerCase();
      fields[key] = field[2] as string;
    } else if (key !== '') fields[key] += ` ${line.trim()}`;
  }
  finish();
  return found;
}

/** The sections of yum's, dnf's and zypper's files: `main` is the program's own, and one without `enabled` is on. */
function readSections(text: string): PackageSource[] {
  const lines = readIniLines(text);
  const ids = [...new Set(lines.map((line) => line.section))].filter((id) => id !== '' && id !== 'main');
  return ids.flatMap((id) => {
    const own = lines.filter((line) => line.section === id);
    const last = (key: string) => own.findLast((line) => line.key === key)?.value;
    const address = last('baseurl') ?? last('mirrorlist') ?? last('metalink');
    if (address === undefined || address === '') return [];
    const enabled = !/^(?:0|no|false|off)$/i.test(last('enabled') ?? '1');
    return [{ id, address: bare(address), enabled, line: own[0]?.line ?? 1 }];
  });
}

/** One address on each line, which may have a `@tag`. */
function readApk(text: string): PackageSource[] {
  return splitLines(text).flatMap((line, at) => {
    const address = /^\s*(?:@\S+\s+)?([^\s#]\S*)/.exec(line.text)?.[1];
    if (address === undefined) return [];
    return [{ id: address.split('/').slice(-2).join('/'), address: bare(address), enabled: true, line: at + 1 }];
  });
}

/** Every section but `options` that names a server, or a file that names them. */
function readPacman(text: string): PackageSource[] {
  const lines = readIniLines(text).filter((line) => line.section !== '' && line.section !== 'options');
  return [...new Set(lines.map((line) => line.section))].flatMap((id) => {
    const first = lines.find((line) => line.section === id && /^(?:Server|Include)$/.test(line.key));
    return first === undefined ? [] : [{ id, address: bare(first.value), enabled: true, line: first.line }];
  });
}

/** How a configuration of package sources is written. */
export type SourceFormat = 'apt' | 'deb822' | 'ini' | 'apk' | 'pacman';

const readers: Readonly<Record<SourceFormat, (text: string) => PackageSource[]>> = {
  apt: readApt,
  deb822: readDeb822,
  ini: readSections,
  apk: readApk,
  pacman: readPacman,
};

/** The package sources in one file, those that are switched off among them. What is commented out is none. */
export function readPackageSources(text: string, as: SourceFormat): PackageSource[] {
  return readers[as](text);
}
