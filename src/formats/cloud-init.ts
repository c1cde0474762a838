import type { AgentFacts, Evidence, GuestPath } from '../model.ts';
import { splitLines } from './lines.ts';
import { readYaml, type YamlNode, yamlAt } from './yaml-outline.ts';

/** One file of cloud-init's configuration. */
export interface ConfigFile {
  readonly path: GuestPath;
  readonly text: string;
}

function placeIn({ path, text }: ConfigFile, line: number): Evidence {
  return { path, line, text: (splitLines(text)[line - 1]?.text ?? '').slice(0, 400).trim() };
}

/** What cloud-init's configuration says under a chain of keys, and the file that says it. */
export interface CloudSetting {
  readonly node: YamlNode;
  readonly at: Evidence;
}

/**
 * What the files say under a chain of keys, given in the order in which cloud-init reads them: maps are merged key by key,
 * lists and texts are those of the last file that has them. Undefined where none has.
 */
export function readSetting(files: readonly ConfigFile[], ...keys: readonly string[]): CloudSetting | undefined {
  for (const file of files.toReversed()) {
    if (!keys.every((key) => file.text.includes(key))) continue;
    const node = yamlAt(readYaml(file.text), ...keys);
    if (node !== undefined) return { node, at: placeIn(file, keyLine(file.text, keys) ?? node.line) };
  }
  return undefined;
}

/** The line of the last key, which is where a person looks; its value may begin further down. */
function keyLine(text: string, keys: readonly string[]): number | undefined {
  const parent = yamlAt(readYaml(text), ...keys.slice(0, -1));
  const entry = parent?.is === 'map' ? parent.entries.findLast(({ key }) => key === keys.at(-1)) : undefined;
  return entry?.line;
}

/** Files whose structure is not understood as a whole, each with the line that is not. */
export function notUnderstood(files: readonly ConfigFile[]): { readonly path: GuestPath; readonly why: string }[] {
  return files.flatMap(({ path, text }) => {
    const root = readYaml(text);
    return root.is === 'unread' ? [{ path, why: `line ${root.line}: ${root.why}` }] : [];
  });
}

/**
 * The line that says `network: {config: disabled}`, unless a later file configures the network otherwise. Files in the
 * same order as for `readDatasourceList`. Source: cloud-init's documentation of network configuration.
 */
export function readNetworkOff(files: readonly ConfigFile[]): Evidence | undefined {
  for (const file of files.toReversed()) {
    if (!/^['"]?network\b/m.test(file.text)) continue;
    const config = yamlAt(readYaml(file.text), 'network', 'config');
    if (config === undefined) continue;
    if (config.is === 'text') return config.text === 'disabled' ? placeIn(file, config.line) : undefined;
    if (config.is !== 'unread') return undefined;
    const lines = splitLines(file.text);
    const at = lines.findLastIndex((line) =>
      /^network[ \t]*:[ \t]*\{[ \t]*config[ \t]*:[ \t]*disabled\b/.test(line.text),
    );
    if (at >= 0) return placeIn(file, at + 1);
  }
  return undefined;
}

/**
 * The `datasource_list` that cloud-init takes from its configuration: the last file that has one wins, lists are not
 * merged. Give /etc/cloud/cloud.cfg first, then cloud.cfg.d/*.cfg sorted. Undefined where nothing names a list.
 */
export function readDatasourceList(files: readonly ConfigFile[]): AgentFacts['cloudInit']['datasources'] {
  for (const file of files.toReversed()) {
    const { text } = file;
    // The larger files need not be taken apart.
    if (!text.includes('datasource_list')) continue;
    const root = readYaml(text);
    const node = root.is === 'unread' ? plainList(text) : yamlAt(root, 'datasource_list');
    if (node === undefined || (node.is === 'text' && node.text === '')) continue;
    return { list: namesOf(node), at: placeIn(file, node.line) };
  }
  return undefined;
}

/** A list that is not understood holds no name that could be relied upon. */
function namesOf(node: YamlNode): string[] {
  if (node.is === 'text') return [node.text];
  return node.is === 'list' ? node.items.flatMap((item) => (item.is === 'text' ? [item.text] : [])) : [];
}

/** A list in one line, found without understanding the rest of the file, as cloud-init's own ds-identify does. */
function plainList(text: string): YamlNode | undefined {
  const lines = splitLines(text);
  const at = lines.findLastIndex((line) => /^datasource_list[ \t]*:[ \t]*\[[^\]]*\]/.test(line.text));
  const node = at < 0 ? undefined : yamlAt(readYaml(lines[at]?.text ?? ''), 'datasource_list');
  return node === undefined ? undefined : { ...node, line: at + 1 };
}
