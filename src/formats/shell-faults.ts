import type { Evidence, GuestPath } from '../model.ts';
import { evidenceFinder } from './lines.ts';
import { shellPieces } from './shell-pieces.ts';
import { shellScript } from './shell-words.ts';

export interface ShellFault {
  readonly says: string;
  readonly at: Evidence;
}

/** UTF-8 as latin1 shows it (one character per byte), and the single bytes of Windows' own code page. */
const quoteMark = /\xe2\x80[\x98-\x9f]|(?<![\x80-\xff])[\x91-\x94](?![\x80-\xff])/;
const dashMark = /(?:^|[\s"'=])(?:\xe2\x80[\x90-\x95]|[\x96\x97](?![\x80-\xff]))/;
const noBreakSpace = /\xc2\xa0/;
const name = /^[A-Za-z_]\w*$/;

/**
 * What a sourced file says differently from what its writer meant, mostly pasted from a web page: typographic quotes and
 * dashes, no-break spaces, blanks around `=`, CR LF line ends, quotes that are never closed. A shell mentions few of
 * them, and its caller none.
 */
export function findShellFaults(text: string, path: GuestPath): ShellFault[] {
  const faults: ShellFault[] = [];
  const { commands, unclosed } = shellScript(text);
  const evidence = evidenceFinder(path, text);
  let crAt: number | undefined;
  for (const { words } of commands) {
    const first = words[0];
    if (first === undefined) continue;
    const say = (says: string) => faults.push({ says, at: evidence(first.start) });
    const whole = text.slice(first.start, words.at(-1)?.end);
    const bare = shellPieces(text, first.start, words.at(-1)?.end ?? first.end).filter(
      (piece) => piece.quote === 'none',
    );
    if (bare.some((piece) => quoteMark.test(piece.text)))
      say('typographic quotes: the shell takes them for letters, not for quotes');
    if (dashMark.test(whole)) say('a typographic dash where a hyphen is meant');
    if (noBreakSpace.test(whole)) say('a no-break space: the shell does not take it for a blank');
    const second = words[1];
    const start = text.slice(first.start, Math.min(first.end, first.start + 80));
    const next = second === undefined ? '' : text.slice(second.start, Math.min(second.end, second.start + 80));
    if (name.test(start) && /^\+?=/.test(next)) say(`a blank before =: the shell runs ${start} as a command`);
    else if (/^[A-Za-z_]\w*\+?=$/.test(start) && start !== 'IFS=' && next !== '' && !/^[A-Za-z_]\w*\+?=/.test(next)) {
      say('a blank behind =: the shell runs the value as a command');
    }
    if (text[(words.at(-1)?.end ?? 0) - 1] === '\r') crAt ??= first.start;
  }
  if (crAt !== undefined)
    faults.push({
      says: 'lines end in CR LF: the shell takes the CR for a part of the value',
      at: evidenceFinder(path, text)(crAt),
    });
  if (unclosed !== undefined)
    faults.push({ says: 'a quote or substitution is never closed', at: evidenceFinder(path, text)(unclosed) });
  return faults;
}
