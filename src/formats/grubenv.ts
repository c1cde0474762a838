/**
 * GRUB's environment block: 1,024 bytes that GRUB itself overwrites in place on disk, so a block must never change its
 * size. A signature line, `name=value` lines, and `#` up to the end. Inside a value `\` escapes `\` and a line feed.
 */
import { emptyRecord } from './record.ts';

const signature = '# GRUB Environment Block\n';
const size = 1024;

/** The variables of a block; undefined where it is none. */
export function readGrubenv(block: string): Record<string, string> | undefined {
  if (!block.startsWith(signature)) return undefined;
  const found = emptyRecord<string>();
  for (const line of linesOf(block)) {
    const equals = line.indexOf('=');
    // A line that begins with # is the padding, or the warning that RHEL puts below the signature.
    if (equals > 0 && !line.startsWith('#'))
      found[line.slice(0, equals)] = line.slice(equals + 1).replace(/\\(.)/gs, '$1');
  }
  return found;
}

/**
 * The block with one variable set, or removed with null; all else stays where it is. Throws a RangeError where it is
 * not a block of 1,024 bytes, or the variable does not fit.
 */
export function editGrubenv(block: string, name: string, value: string | null): string {
  if (!block.startsWith(signature) || block.length !== size)
    throw new RangeError('not a GRUB environment block of 1024 bytes');
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new RangeError(`not a GRUB variable: ${JSON.stringify(name)}`);
  const line = value === null ? undefined : `${name}=${value.replace(/[\\\n]/g, '\\$&')}`;
  const lines = linesOf(block);
  const at = lines.findIndex((one) => one.startsWith(`${name}=`));
  if (at >= 0) lines.splice(at, 1, ...(line === undefined ? [] : [line]));
  else if (line !== undefined) lines.push(line);
  const text = signature + lines.map((one) => `${one}\n`).join('');
  if (text.length > size) throw new RangeError(`${name} does not fit into the GRUB environment block`);
  return text.padEnd(size, '#');
}

/** The lines between signature and padding; a line feed behind a backslash is part of its line. */
function linesOf(block: string): string[] {
  const lines: string[] = [];
  let start = signature.length;
  for (let at = start; at < block.length; at++) {
    if (block[at] === '\\') at++;
    else if (block[at] === '\n') {
      lines.push(block.slice(start, at));
      start = at + 1;
    }
  }
  return lines;
}
