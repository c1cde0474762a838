import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '../../src/cli/show/printable.ts';
import { createPrinter, wrap } from '../../src/cli/show/printer.ts';

describe('what is shown of a guest', () => {
  it('spells control characters out instead of sending them', () => {
    expect(printable('a\u001b[31mb\nc\u0007\u009b2J')).toBe('a\\e[31mb\\nc\\u0007\\u009b2J');
    expect(printable('\u202egnp.exe')).toBe('\\u202egnp.exe');
  });

  it('decodes UTF-8 that was read byte by byte, and leaves other bytes visible', () => {
    expect(printable(Buffer.from('Größe – ok').toString('latin1'))).toBe('Größe – ok');
    expect(printable('\u00ff\u00fe')).toBe('ÿþ');
  });

  it('puts no byte into JSON that a terminal would obey', () => {
    const text = printableJson({ says: '\u009b31m\u001b[0m' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(JSON.parse(text)).toEqual({ says: '\u009b31m\u001b[0m' });
  });

  it('wraps at blanks and keeps a word that is longer than the line', () => {
    expect(wrap('one two three', 7, '  ')).toEqual(['one two', '  three']);
    expect(wrap('aaaaaaaaaaaa b', 5, '')).toEqual(['aaaaaaaaaaaa', 'b']);
  });
});

describe('a printer', () => {
  const collect = (isTTY: boolean, columns = 80) => {
    const parts: string[] = [];
    return { parts, isTTY, columns, write: (text: string) => parts.push(text) };
  };

  it('colours a terminal only, and not with NO_COLOR', () => {
    const make = (isTTY: boolean, env: Record<string, string>) =>
      createPrinter(collect(isTTY), collect(isTTY), env, { color: undefined, quiet: false }).paint('bad', 'x');
    expect(make(true, {})).toContain('\u001b[');
    expect(make(false, {})).toBe('x');
    expect(make(true, { NO_COLOR: '1' })).toBe('x');
    expect(make(true, { TERM: 'dumb' })).toBe('x');
  });

  it('clears the progress line before it prints', () => {
    const [out, err] = [collect(true), collect(true)];
    const printer = createPrinter(out, err, {}, { color: false, quiet: false });
    printer.progress('reading');
    printer.line('done');
    expect(err.parts.join('')).toBe('\r\u001b[Kreading\r\u001b[K');
    expect(out.parts.join('')).toBe('done\n');
  });

  it('takes a terminal that names no columns, as a serial console, for 80', () => {
    const [out, err] = [collect(true, 0), collect(true, 0)];
    const printer = createPrinter(out, err, {}, { color: false, quiet: false });
    printer.progress('x'.repeat(100));
    expect(printer.width).toBe(80);
    expect(err.parts.join('')).toBe(`\r\u001b[K${'x'.repeat(79)}`);
  });

  it('tells each step once where there is no terminal', () => {
    const [out, err] = [collect(false), collect(false)];
    const printer = createPrinter(out, err, {}, { color: undefined, quiet: false });
    printer.progress('reading');
    printer.progress('reading');
    expect(err.parts).toEqual(['reading\n']);
  });
});
