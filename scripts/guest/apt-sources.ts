import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.ts';

interface Archive {
  readonly uri: string;
  /** bookworm, bookworm-security … */
  readonly suite: string;
}

/**
 * Lines of a sources.list for a Debian suite, from the mirrors that this machine itself uses. Empty where this machine
 * is no Debian: mmdebstrap then takes its own default. `PREP_GUEST_MIRROR` (a URI) comes before both.
 */
export async function sourcesFor(suite: string): Promise<readonly string[]> {
  const wanted = process.env.PREP_GUEST_MIRROR;
  if (wanted) return [`deb ${wanted} ${suite} main`];
  const archives = await hostArchives();
  const main = archives.find((archive) => codeNames.has(archive.suite));
  if (!main) return [];
  const security = archives.find((archive) => /-security$/.test(archive.suite) && codeNames.has(base(archive.suite)));
  const lines = [`deb ${main.uri} ${suite} main`];
  if (suite !== 'sid') lines.push(`deb ${main.uri} ${suite}-updates main`);
  if (suite !== 'sid' && security) lines.push(`deb ${security.uri} ${suite}-security main`);
  return lines;
}

/** How this machine's apt reaches its mirrors (proxy, certificates, dates): lines of an apt.conf. */
export async function aptOptions(): Promise<string> {
  const dump = await run(['apt-config', 'dump']);
  return dump.stdout
    .split('\n')
    .filter((line) => /^Acquire::(?:https?::|Check-|Retries|ForceIPv)/.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

const codeNames = new Set(['bullseye', 'bookworm', 'trixie', 'forky', 'sid', 'oldstable', 'stable', 'testing']);

function base(suite: string): string {
  return suite.replace(/-.*$/, '');
}

async function hostArchives(): Promise<Archive[]> {
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder).catch(() => [])).sort();
  const files = ['/etc/apt/sources.list', ...names.map((name) => path.join(folder, name))];
  const archives: Archive[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.list')) archives.push(...oneLineArchives(text));
    else if (file.endsWith('.sources')) archives.push(...deb822Archives(text));
  }
  return archives;
}

/** `deb [options] URI suite component…` */
function oneLineArchives(text: string): Archive[] {
  return [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s/gm)].map(([, uri = '', suite = '']) => ({
    uri,
    suite,
  }));
}

/** Stanzas with `URIs:` and `Suites:`, each a list; comments may stand between the fields. */
function deb822Archives(text: string): Archive[] {
  return text
    .replace(/^#.*\n/gm, '')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const field = (name: string) =>
        new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
      if (field('Enabled')[0] === 'no' || !field('Types').includes('deb')) return [];
      return field('URIs').flatMap((uri) => field('Suites').map((suite) => ({ uri, suite })));
    });
}
