import { joinedLines } from './lines.ts';

/** One `iface` stanza of /etc/network/interfaces. */
export interface IfaceStanza {
  readonly name: string;
  /** `inet`, `inet6` … */
  readonly family: string;
  /** `dhcp`, `static`, `manual`, `loopback`, `auto` … */
  readonly method: string;
  readonly line: number;
  readonly text: string;
  readonly options: readonly {
    readonly key: string;
    readonly value: string;
    readonly line: number;
    readonly text: string;
  }[];
}

export interface Interfaces {
  readonly stanzas: readonly IfaceStanza[];
  /** Names started at boot: `auto` (which is also called `allow-auto`) and `allow-hotplug`. */
  readonly started: readonly string[];
  /** Patterns of `source` and folders of `source-directory`, as written: the caller reads those files too. */
  readonly sources: readonly { readonly pattern: string; readonly folder: boolean; readonly line: number }[];
}

const stanzaStarts =
  /^(?:iface|mapping|auto|allow-.*|source|source-directory|no-auto-down|no-scripts|rename|template)$/;

/** Whether one of `started` brings up the stanza of that name: by name, by pattern, or as `CARD=STANZA`. */
export function isStarted(name: string, started: readonly string[]): boolean {
  // A pattern is begun by a slash; which cards it will match is not known here.
  return started.some((word) => word === name || word.endsWith(`=${name}`) || /^\/|[*?[]/.test(word));
}

/** Reads interfaces(5). A backslash at the end joins lines; a comment begins a line. */
export function readInterfaces(text: string): Interfaces {
  const stanzas: (IfaceStanza & { options: IfaceStanza['options'][number][] })[] = [];
  const started: string[] = [];
  const sources: Interfaces['sources'][number][] = [];
  let inIface = false;
  for (const { line, text: raw } of joinedLines(text)) {
    const shown = raw.trim();
    const [key = '', ...words] = shown.split(/[ \t]+/);
    if (key === '' || key.startsWith('#')) continue;
    if (stanzaStarts.test(key)) inIface = key === 'iface';
    if (key === 'iface') {
      const [name = '', family = '', method = ''] = words;
      stanzas.push({ name, family, method, line, text: shown.slice(0, 400), options: [] });
    } else if (/^(?:auto|allow-auto|allow-hotplug)$/.test(key)) started.push(...words);
    else if (key === 'source' || key === 'source-directory') {
      for (const pattern of words) sources.push({ pattern, folder: key === 'source-directory', line });
    } else if (inIface) {
      stanzas.at(-1)?.options.push({ key, value: words.join(' '), line, text: shown.slice(0, 400) });
    }
  }
  return { stanzas, started, sources };
}
