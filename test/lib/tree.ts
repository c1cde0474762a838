import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';

/** What can be said of one path, such that two trees can be compared. */
export interface TreeEntry {
  readonly type: 'file' | 'hard link' | 'link' | 'folder' | 'device' | 'fifo';
  /** Octal, as in a tar header: with setuid, setgid and sticky. */
  readonly mode: string;
  readonly owner: string;
  /** Seconds with a fraction, for everything but folders: writing beside a file changes its folder's time. */
  readonly modified?: string;
  readonly sha256?: string;
  /** Of a link; of a hard link the first path, in sorted order, of the same file. */
  readonly target?: string;
  readonly device?: string;
  /** Extended attributes (capabilities, ACLs and labels are such), hexadecimal. */
  readonly attributes: string;
}

/** Path below the root (`/etc/fstab`) to what is there. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export interface ReadTreeOptions {
  /** Folders that are left out, as in `/var/lib/prep-guest`. */
  readonly without?: readonly string[];
  /** Words before the program: how to enter a mount name space. */
  readonly enter?: readonly string[];
}

/**
 * Reads a whole tree through the eyes of GNU tar, which is the one program on every machine that tells content, owners,
 * times below the second, hard links and extended attributes alike.
 */
export async function readTree(root: string, options: ReadTreeOptions = {}): Promise<Tree> {
  const { without = [], enter = [] } = options;
  const [program = '', ...args] = [
    ...[...enter, 'tar', '-C', root, '--sort=name', '--numeric-owner', '--one-file-system', '--no-wildcards'],
    ...['--format=posix', '--pax-option=delete=atime,delete=ctime', '--xattrs', '--xattrs-include=*'],
    ...[...without.map((folder) => `--exclude=.${folder}`), '-cf', '-', '.'],
  ];
  const tar = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  let complaints = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = once(tar, 'close');
  const tree = await parseTar(tar.stdout);
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar of ${root}: exit code ${code}\n${complaints}`);
  return tree;
}

/** What differs, one line for each path; empty when the trees are the same. */
export function treeChanges(before: Tree, after: Tree): string[] {
  const changes: string[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (!now) changes.push(`gone: ${path}`);
    else if (!old) changes.push(`new: ${path} (${now.type})`);
    else {
      const fields = Object.keys({ ...old, ...now }) as (keyof TreeEntry)[];
      const differing = fields.filter((field) => old[field] !== now[field]);
      if (differing.length > 0)
        changes.push(
          `changed: ${path}: ${differing.map((field) => `${field} ${old[field]} -> ${now[field]}`).join(', ')}`,
        );
    }
  }
  return changes;
}

const block = 512;

async function parseTar(stream: AsyncIterable<Buffer>): Promise<Tree> {
  const tree = new Map<string, TreeEntry>();
  const source = new Pieces(stream);
  let pax: Record<string, string> = {};
  for (;;) {
    const header = await source.take(block);
    if (!header) return tree;
    // Blocks of zeros end the archive.
    if (header[0] === 0) continue;
    const kind = String.fromCharCode(header[156] ?? 0);
    const bytes = Number(pax.size ?? Number.parseInt(field(header, 124, 12), 8));
    const padding = (block - (bytes % block)) % block;
    if (kind === 'x') {
      pax = paxRecords((await source.take(bytes)) ?? Buffer.alloc(0));
      await source.take(padding);
      continue;
    }
    const [path, entry] = readHeader(header, kind, pax);
    pax = {};
    if (kind === '0') {
      const hash = createHash('sha256');
      await source.each(bytes, (piece) => hash.update(piece));
      await source.take(padding);
      tree.set(path, { ...entry, sha256: hash.digest('hex') });
    } else tree.set(path, entry);
  }
}

/** A stream from which bytes are taken by number. */
class Pieces {
  readonly #stream: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** Hands over the next `bytes` bytes as they come; false when the stream ends first. */
  async each(bytes: number, use: (piece: Buffer) => void): Promise<boolean> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#stream.next();
        if (next.done) return false;
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      use(piece);
    }
    return true;
  }

  async take(bytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    return (await this.each(bytes, (piece) => pieces.push(piece))) ? Buffer.concat(pieces) : undefined;
  }
}

const types: Readonly<Record<string, TreeEntry['type']>> = {
  '0': 'file',
  '1': 'hard link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'fifo',
};

function readHeader(header: Buffer, kind: string, pax: Readonly<Record<string, string>>): [string, TreeEntry] {
  const type = types[kind];
  if (!type) throw new Error(`tar member of unknown kind ${kind}`);
  const prefix = field(header, 345, 155);
  const name = pax.path ?? (prefix ? `${prefix}/${field(header, 0, 100)}` : field(header, 0, 100));
  const attributes = Object.keys(pax).filter((key) => key.startsWith('SCHILY.'));
  return [
    Buffer.from(name, 'latin1')
      .toString('utf8')
      .replace(/^\.\/?/, '/')
      .replace(/(?<=.)\/$/, ''),
    {
      type,
      mode: field(header, 100, 8),
      owner: `${pax.uid ?? Number.parseInt(field(header, 108, 8), 8)}:${pax.gid ?? Number.parseInt(field(header, 116, 8), 8)}`,
      attributes: attributes
        .sort()
        .map((key) => `${key}=${Buffer.from(pax[key] ?? '', 'latin1').toString('hex')}`)
        .join(' '),
      ...(type === 'folder' ? {} : { modified: pax.mtime ?? `${Number.parseInt(field(header, 136, 12), 8)}` }),
      ...(type.endsWith('link') ? { target: pax.linkpath ?? field(header, 157, 100) } : {}),
      ...(type === 'device' ? { device: `${kind} ${field(header, 329, 8)} ${field(header, 337, 8)}` } : {}),
    },
  ];
}

function field(header: Buffer, start: number, length: number): string {
  const text = header.toString('latin1', start, start + length);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** Records `LENGTH KEY=VALUE\n`, where LENGTH counts itself and everything up to the newline, and VALUE holds any bytes. */
function paxRecords(body: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, blank));
    const record = body.toString('latin1', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}
