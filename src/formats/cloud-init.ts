import type { AgentFacts, GuestPath } from '../model.ts';
import { splitLines } from './lines.ts';
import { readYaml, type YamlNode, yamlAt } from './yaml-outline.ts';

/**
 * The `datasource_list` that cloud-init takes from its configuration: the last file that has one wins, lists are not
 * merged. Give /etc/cloud/cloud.cfg first, then cloud.cfg.d/*.cfg sorted. Undefined where nothing names a list.
 */
export function readDatasourceList(
  files: readonly { readonly path: GuestPath; readonly text: string }[],
): AgentFacts['cloudInit']['datasources'] {
  for (const { path, text } of files.toReversed()) {
    // The larger files need not be taken apart.
    if (!text.includes('datasource_list')) continue;
    const root = readYaml(text);
    const node = root.is === 'unread' ? plainList(text) : yamlAt(root, 'datasource_list');
    if (node === undefined || (node.is === 'text' && node.text === '')) continue;
    const shown = (splitLines(text)[node.line - 1]?.text ?? '').slice(0, 400).trim();
    return { list: namesOf(node), at: { path, line: node.line, text: shown } };
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
