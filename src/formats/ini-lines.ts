import { splitLines } from './lines.ts';

/** A `key=value` line of an ini-like file, with the section it stands in. */
export interface IniLine {
  /** Empty before the first section. */
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The lines of systemd's and NetworkManager's files in order, repeats kept (`[Address]` may stand several times, and so
 * may `Address=`), which a reader into nested objects would merge. Comments begin with `#` or `;` in a line of their own.
 */
export function readIniLines(text: string): IniLine[] {
  let section = '';
  return splitLines(text).flatMap(({ text: raw }, at) => {
    const line = raw.trim();
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1).trim();
    const equals = line.indexOf('=');
    if (equals < 1 || /^[#;[]/.test(line)) return [];
    const value = line.slice(equals + 1).trim();
    return [{ section, key: line.slice(0, equals).trim(), value, line: at + 1, text: line.slice(0, 400) }];
  });
}
