import type { GuestFiles } from '../guest/guest.ts';
import type { AgentFacts, GuestPath } from '../model.ts';
import { below, firstThere, namesIn } from './folders.ts';

type Python = AgentFacts['waagent']['python'];

export interface PythonFacts extends Python {
  /** Folders that this interpreter imports from, as far as they are there. */
  readonly sites: readonly GuestPath[];
}

/** What the agent imports besides Python's own library, in this or that version of either. `crypt` left Python in 3.13. */
const asked = ['pyasn1', 'distro', 'crypt_r', 'legacycrypt'];

const searchPath: readonly GuestPath[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];
const libraries: readonly GuestPath[] = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/local/lib64'];

/** The interpreter that a script's first line names, found inside the guest and never run. */
export async function findPython(files: GuestFiles, script: string): Promise<PythonFacts> {
  const path = await interpreterOf(files, script);
  if (path === undefined) return { path, version: undefined, modules: [], sites: [] };
  const folders = await libraryFolders(files);
  const version = versionOf(path, [...new Set(folders.map((folder) => folder.version))]);
  const sites = sitesFor(folders, version);
  const names = new Set((await Promise.all(sites.map((site) => namesIn(files, site)))).flat());
  const modules = asked.filter((module) => names.has(module) || names.has(`${module}.py`));
  return { path, version, modules, sites };
}

/** Where `#!/usr/bin/python3` or `#!/usr/bin/env python3` really ends; undefined when that is no Python or is not there. */
async function interpreterOf(files: GuestFiles, script: string): Promise<GuestPath | undefined> {
  const words = /^#![ \t]*([^\r\n]+)/.exec(script)?.[1]?.split(/[ \t]+/) ?? [];
  const viaEnv = /\/env$/.test(words[0] ?? '');
  const name = viaEnv ? words.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) : words[0];
  if (name === undefined || !/python/.test(name)) return undefined;
  const candidates = name.startsWith('/') ? [name as GuestPath] : searchPath.map((folder) => below(folder, name));
  const found = await firstThere(files, candidates);
  const real = found && (await files.real(found));
  return real?.is === 'there' ? real.value : undefined;
}

interface Library {
  /** `3.11`, or `3` for Debian's folder that all of Python 3 shares. */
  readonly version: string;
  readonly path: GuestPath;
}

async function libraryFolders(files: GuestFiles): Promise<Library[]> {
  const found = await Promise.all(
    libraries.map(async (folder) =>
      (await namesIn(files, folder)).flatMap((name): Library[] => {
        const version = /^python(\d(?:\.\d+)?)$/.exec(name)?.[1];
        return version === undefined ? [] : [{ version, path: below(folder, name) }];
      }),
    ),
  );
  return found.flat();
}

/** `3.11` of `/usr/bin/python3.11` and `/usr/libexec/platform-python3.6`; where the name is bare, that of the only library. */
function versionOf(path: GuestPath, libraryVersions: readonly string[]): string | undefined {
  const [, major, minor] = /python(\d)?(?:\.(\d+))?$/.exec(path) ?? [];
  if (minor !== undefined) return `${major}.${minor}`;
  const full = libraryVersions.filter((version) => /\./.test(version) && version.startsWith(major ?? ''));
  return full.length === 1 ? full[0] : major;
}

function sitesFor(folders: readonly Library[], version: string | undefined): GuestPath[] {
  const fitting = folders.filter((folder) => {
    if (version === undefined) return true;
    return folder.version === version || folder.version === version.split('.')[0];
  });
  return fitting.flatMap(({ path }): GuestPath[] => [`${path}/dist-packages`, `${path}/site-packages`]);
}
