import type { GuestPath, ModprobeBlock } from '../model.ts';
import { joinedLines } from './lines.ts';

/** Commands that load nothing. */
const idle = new Set(['true', 'false', ':', 'exit', 'echo', 'logger']);

/**
 * Lines of a modprobe.d file that keep a module from loading. `blacklist` stops only loading by alias, `install` with a
 * command that loads nothing stops everything. Names are normalised to `_`. Parsed as kmod does: a comment begins in
 * the first column, a backslash at the end joins lines.
 */
export function readModprobe(text: string, path: GuestPath): ModprobeBlock[] {
  const blocks: ModprobeBlock[] = [];
  for (const { text: line, line: number } of joinedLines(text)) {
    if (line.startsWith('#')) continue;
    const [command, name, ...rest] = line.trim().split(/[ \t]+/);
    const how = blockKind(command, rest);
    if (how === undefined || name === undefined) continue;
    const at = { path, line: number, text: line.trim().slice(0, 400) };
    blocks.push({ module: name.replaceAll('-', '_'), how, at });
  }
  return blocks;
}

function blockKind(command: string | undefined, rest: readonly string[]): ModprobeBlock['how'] | undefined {
  if (command === 'blacklist') return 'blacklist';
  if (command === 'alias' && rest[0] === 'off') return 'alias-off';
  if (command !== 'install' || rest.length === 0) return undefined;
  // The command is given to a shell: what it redirects and its comment do not count.
  const programs = rest
    .join(' ')
    .replace(/ #.*|\d?>+(?:&\d| ?[^ ;&|]+)/g, '')
    .split(/[;&|]+/)
    .map((part) => part.trim().split(/\s+/)[0] ?? '');
  const loadsNothing = programs.every(
    (program) => program === '' || idle.has(program.replace(/^(?:\/usr)?\/s?bin\//, '')),
  );
  return loadsNothing ? 'install' : undefined;
}
