/**
 * /etc/kernel/cmdline: the kernel line that kernel-install, ukify and mkinitcpio give to the next kernel. Usually one line;
 * line ends count as blanks. A line that begins with `#` is a comment to mkinitcpio and to newer tools, and none is edited.
 */
import { type ArgsChange, argTokens, editParts, refuseOpenQuote, splitArgs } from './kernel-line.ts';
import { splitLines } from './lines.ts';

/** The arguments in order, and the numbers of the lines they stand on. */
export interface CmdlineFile {
  readonly args: readonly string[];
  readonly lines: readonly number[];
}

function argLines(text: string) {
  return splitLines(text)
    .map((line, at) => ({ ...line, number: at + 1 }))
    .filter((line) => !/^\s*(?:#|$)/.test(line.text));
}

export function readCmdlineFile(text: string): CmdlineFile {
  const lines = argLines(text);
  return { args: lines.flatMap((line) => splitArgs(line.text)), lines: lines.map(({ number }) => number) };
}

/**
 * Edits the arguments where they stand; see editArgs. What is added goes to the end of the last line that holds any.
 * Throws a RangeError where a quote is never closed on its line, and where a line would become a comment.
 */
export function editCmdlineFile(text: string, change: ArgsChange): string {
  const lines = argLines(text);
  if (lines.length === 0) {
    const line = refuseComment(editParts([{ text: '', tokens: [] }], change)[0] as string, 1);
    return line === '' ? text : `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
  }
  const edited = editParts(
    lines.map((line) => ({ text: line.text, tokens: argTokens(line.text) })),
    change,
  );
  let out = '';
  let done = 0;
  for (const [at, { text: line, start, number }] of lines.entries()) {
    if (edited[at] === line) continue;
    refuseOpenQuote(line, number);
    out += text.slice(done, start) + refuseComment(edited[at] as string, number);
    done = start + line.length;
  }
  return out + text.slice(done);
}

/** What stands behind an argument that goes may begin with `#`, and would then be read as a comment. */
function refuseComment(line: string, number: number): string {
  if (/^\s*#/.test(line)) throw new RangeError(`line ${number} would be a comment: ${JSON.stringify(line)}`);
  return line;
}
