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

export function dpkgStatusReader(): DpkgStatusReader {
  const installed = emptyRecord<string>();
  let rest = '';
  let name: string | undefined;
  let version: string | undefined;
  let state: string | undefined;
  const line = (text: string) => {
    if (text === '' || text === '\r') {
      if (name !== undefined && version !== undefined && /^(?:install|hold) ok installed$/.test(state ?? ''))
        installed[name] = version;
      name = version = state = undefined;
    } else if (text.startsWith('Package:')) name = text.slice(8).trim();
    else if (text.startsWith('Status:')) state = text.slice(7).trim();
    else if (text.startsWith('Version:')) version = text.slice(8).trim();
  };
  const add = (piece: string) => {
    const text = rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      line(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start);
  };
  const end = () => {
    line(rest);
    line('');
    return installed;
  };
  return { add, end };
}
