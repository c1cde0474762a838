import { emptyRecord } from './record.ts';

/** Reads dpkg's status file piece by piece: a large guest has more of it than is read as one text. */
export interface DpkgStatusReader {
  add(piece: string): void;
  /** Installed packages, name to version. Call it once, after the last piece. */
  end(): Record<string, string>;
}

/**
 * Packages in the state `install ok installed` or `hold ok installed`. Files that a removed package left behind
 * (`deinstall ok config-files`) do not make it installed.
 */
export function readDpkgStatus(text: string): Record<string, string> {
  const reader = dpkgStatusReader();
  reader.add(text);
  return reader.end();
}

/** No package has that much to say of itself: what goes on without an empty line is not kept. */
const longest = 1024 * 1024;

export function dpkgStatusReader(): DpkgStatusReader {
  const installed = emptyRecord<string>();
  // Every paragraph keeps the line feed before it, so that each of its fields follows one.
  let rest = '\n';
  const take = (paragraph: string) => {
    if (!/^(?:install|hold) ok installed$/.test(field(paragraph, 'Status') ?? '')) return;
    const name = field(paragraph, 'Package');
    const version = field(paragraph, 'Version');
    if (name !== undefined && version !== undefined) installed[name] = version;
  };
  const add = (piece: string) => {
    const text = rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', start)) {
      take(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(text.length - start > longest ? -1 : start);
  };
  const end = () => {
    take(rest);
    return installed;
  };
  return { add, end };
}

/** A field of one line. Only the searches are native, but they are most of the work in a file of megabytes. */
function field(paragraph: string, name: string): string | undefined {
  const at = paragraph.indexOf(`\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 2;
  const end = paragraph.indexOf('\n', start);
  return paragraph.slice(start, end < 0 ? paragraph.length : end).trim();
}
