import { printable } from './printable.ts';

export type Style = 'bad' | 'good' | 'warn' | 'dim' | 'bold' | 'add' | 'take';

const codes: Readonly<Record<Style, string>> = {
  bad: '31;1',
  good: '32;1',
  warn: '33',
  dim: '2',
  bold: '1',
  add: '32',
  take: '31',
};

/** The way to the user: results on standard output, progress and errors on standard error. */
export interface Printer {
  readonly width: number;
  line(text?: string): void;
  raw(text: string | Uint8Array): void;
  error(text: string): void;
  /** Coloured on a terminal, as it is elsewhere. The text must be printable already. */
  paint(style: Style, text: string): string;
  /** Tells where long work is: one line that rewrites itself on a terminal, plain lines elsewhere. */
  progress(says: string): void;
  /** Ends the progress line. */
  settle(): void;
}

/** The parts of a stream that printing needs; `process.stdout` is one. */
interface Out {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface PrinterOptions {
  /** undefined: on a terminal, unless NO_COLOR is set (no-color.org). */
  readonly color: boolean | undefined;
  readonly quiet: boolean;
}

export function createPrinter(
  out: Out,
  err: Out,
  env: Readonly<Record<string, string | undefined>>,
  options: PrinterOptions,
): Printer {
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const color = options.color ?? (out.isTTY === true && !noColor);
  const live = err.isTTY === true && env['TERM'] !== 'dumb';
  let shown = '';
  const clear = () => {
    if (live && shown !== '') err.write('\r\u001b[K');
    shown = '';
  };
  return {
    // A serial console says that it has no columns.
    width: Math.min(Math.max(out.columns || 80, 40), 100),
    line(text = '') {
      clear();
      out.write(`${text}\n`);
    },
    raw(text) {
      clear();
      out.write(text);
    },
    error(text) {
      clear();
      err.write(`${text}\n`);
    },
    paint: (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text),
    progress(says) {
      const text = printable(says);
      if (options.quiet || text === shown) return;
      if (live) err.write(`\r\u001b[K${text.slice(0, (err.columns || 80) - 1)}`);
      else err.write(`${text}\n`);
      shown = text;
    },
    settle: clear,
  };
}

/** Breaks a text at blanks into lines of at most `width` characters, each after the first indented. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const start = lines.length === 0 ? '' : indent;
    if (line !== '' && start.length + line.length + 1 + word.length > width) {
      lines.push(start + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push((lines.length === 0 ? '' : indent) + line);
  return lines;
}
