/** Control characters, C1 included: a terminal would obey them. Guest text may hold any byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function escaped(char: string): string {
  const known: Record<string, string> = { '\t': ' ', '\n': '\\n', '\r': '\\r', '\u001b': '\\e' };
  return known[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Texts of a guest hold one character per byte; those that are UTF-8 are shown as such. */
function decoded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of one byte
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text; // some other encoding: shown byte by byte
  }
}

/** One line of guest text, safe to show: control characters are spelt out, never sent raw. */
export function printable(text: string): string {
  return decoded(text).replace(control, escaped);
}

/** JSON of a report: decoded as above, and without characters that a terminal would obey. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, part) => (typeof part === 'string' ? decoded(part) : part), 2);
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
