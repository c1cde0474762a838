import type { FstabEntry } from '../model.ts';
import { splitLines } from './lines.ts';

/**
 * The entries of /etc/fstab as getmntent(3) and libmount read them: fields parted by blanks, `\040` and other octal
 * escapes decoded, options split at commas outside quotes. A line with too few fields is an entry with empty ones:
 * mount passes over such a line, systemd's generator does not.
 */
export function parseFstab(text: string): FstabEntry[] {
  return splitLines(text).flatMap(({ text: line }, at) => {
    const fields = line.split(/[ \t]+/).filter((field) => field !== '');
    if (fields.length === 0 || fields[0]?.startsWith('#')) return [];
    const [source = '', target = '', type = '', options = ''] = fields.map(decode);
    return [{ source, target, type, options: splitOptions(options), line: at + 1, text: line }];
  });
}

function decode(field: string): string {
  return field.replace(/\\([0-3][0-7]{2})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function splitOptions(options: string): string[] {
  return options.match(/(?:[^,"]|"[^"]*"?)+/g) ?? [];
}
