import { emptyRecord } from './record.ts';

/** Reads apk's list of installed packages piece by piece: name to version. Paragraphs of `K:value` lines. */
export function apkInstalledReader(): { add(piece: string): void; end(): Record<string, string> } {
  const installed = emptyRecord<string>();
  let rest = '';
  let name: string | undefined;
  const take = (line: string) => {
    if (line === '') name = undefined;
    else if (line.startsWith('P:')) name = line.slice(2);
    else if (line.startsWith('V:') && name !== undefined) installed[name] = line.slice(2);
  };
  return {
    add: (piece) => {
      const lines = (rest + piece).split('\n');
      // No line is that long: what goes on without an end is not kept.
      rest = (lines.pop() ?? '').slice(0, 1024 * 1024);
      for (const line of lines) take(line);
    },
    end: () => {
      take(rest);
      return installed;
    },
  };
}
