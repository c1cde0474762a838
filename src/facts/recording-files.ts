import { emptyRecord } from '../formats/record.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Facts, GuestPath, Read } from '../model.ts';

/** What a scan reads through: it looks at each thing once, and remembers what planning and judging need later. */
export interface RecordingFiles extends GuestFiles {
  /** Part of a file that was read was not understood: what it says is not known. */
  doubt(path: GuestPath, why: string): void;
  /** What was seen so far. */
  seen(): Pick<Facts, 'texts' | 'unreadable' | 'links'>;
}

/** Larger files are no configuration that anyone edits. */
const largestText = 1024 * 1024;

/** Never handed on, by whatever name a guest has them read. */
const secret = /^\/etc\/(?:g?shadow|passwd)-?$/;

/** States of the running machine and lists that only programs write: read, but no text that anyone edits. */
const notConfiguration = /^\/(?:proc|sys|run|dev|boot\/config-[^/]*|var\/lib|(?:usr\/)?lib\/modules)(?:\/|$)/;

/** The kernel's own files: their links are no place where anything is edited. */
const ofKernel = /^\/(?:proc|sys)\//;

/** Asks for each path once, also when it is asked for several times at once. */
function once<T>(read: (path: GuestPath) => Promise<T>): (path: GuestPath) => Promise<T> {
  const asked = new Map<GuestPath, Promise<T>>();
  return (path) => {
    let answer = asked.get(path);
    if (answer === undefined) {
      answer = read(path);
      asked.set(path, answer);
    }
    return answer;
  };
}

/** Wraps a guest for the length of one scan, during which it is taken to stand still. */
export function recordFiles(files: GuestFiles): RecordingFiles {
  const texts: Record<GuestPath, string> = emptyRecord<string>();
  const unreadable: Record<GuestPath, string> = emptyRecord<string>();
  const links: Record<GuestPath, GuestPath> = emptyRecord<GuestPath>();
  const noting = <T>(read: (path: GuestPath) => Promise<Read<T>>) => {
    return async (path: GuestPath): Promise<Read<T>> => {
      const answer = await read(path);
      if (answer.is === 'unreadable') unreadable[path] = answer.why;
      return answer;
    };
  };
  const stat = once(noting((path) => files.stat(path)));
  const target = once(noting((path) => files.target(path)));
  const isNullLink = async (path: GuestPath): Promise<boolean> => {
    const text = await target(path);
    return text.is === 'there' && text.value === '/dev/null';
  };
  const findReal = async (path: GuestPath): Promise<Read<GuestPath>> => {
    // Most of what is asked for is not there, and this is the quicker way to learn it.
    const found = await stat(path);
    if (found.is !== 'there') return found;
    let end = await files.real(path);
    // A mounted root need not have a /dev: what the link means is the same.
    if (end.is === 'absent' && found.value.type === 'link' && (await isNullLink(path)))
      end = { is: 'there', value: '/dev/null' };
    if (end.is === 'there' && end.value !== path && !ofKernel.test(path)) links[path] = end.value;
    return end;
  };
  const real = once(noting(findReal));
  const findText = async (path: GuestPath): Promise<Read<string>> => {
    const end = await real(path);
    if (end.is !== 'there') return end;
    // The usual way to switch a configuration file off (systemd.unit(5), sysctl.d(5), dracut.conf(5)).
    if (end.value === '/dev/null') return { is: 'there', value: '' };
    const answer = await files.text(path);
    if (answer.is !== 'there') return answer;
    const isKept = !secret.test(path) && !secret.test(end.value) && !notConfiguration.test(path);
    // Edits are made where a path really ends, so the text is found under that name as well.
    if (!isKept) return answer;
    if (answer.value.length <= largestText) texts[path] = texts[end.value] = answer.value;
    else unreadable[path] = unreadable[end.value] = 'it is larger than 1 MiB, which no configuration is';
    return answer;
  };
  return {
    where: files.where,
    text: once(noting(findText)),
    open: noting((path) => files.open(path)),
    names: once(noting((path) => files.names(path))),
    stat,
    target,
    real,
    free: (path) => files.free(path),
    lockedBy: (path) => files.lockedBy(path),
    ...(files.mounted && { mounted: files.mounted }),
    doubt: (path, why) => {
      unreadable[path] ??= why;
    },
    seen: () => ({ texts, unreadable, links }),
  };
}
