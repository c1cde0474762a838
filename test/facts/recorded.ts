import { type RecordingFiles, recordFiles } from '../../src/facts/recording-files.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import type { BootEntry, BootLoader, GuestPath, OsFacts, Where } from '../../src/model.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

/** A phony guest as scanners are handed it. */
export function recorded(tree: PhonyTree, where: Where = 'offline'): RecordingFiles {
  return recordFiles(createReadOnlyGuest(makeGuest(tree), where));
}

/** What scanners are told of the system, where it does not come from the files of the test. */
export function osFacts(changes: Partial<OsFacts> = {}): OsFacts {
  return {
    distro: { id: 'debian', like: [], version: '12', family: 'debian', pretty: 'Debian 12', from: '/etc/os-release' },
    arch: { is: 'there', value: 'x86_64' },
    firmware: { is: 'bios', evidence: [] },
    init: 'systemd',
    imageBased: undefined,
    packages: { is: 'absent' },
    ...changes,
  };
}

export function withFamily(family: OsFacts['distro']['family']): OsFacts {
  const os = osFacts();
  return { ...os, distro: { ...os.distro, family } };
}

export const noBoot: BootLoader = { kind: 'unknown', why: 'not there', evidence: [] };

export function bootEntry(changes: Partial<BootEntry> & { readonly kernelPath: GuestPath }): BootEntry {
  return {
    title: 'Linux',
    version: /-(\d.*)$/.exec(changes.kernelPath)?.[1],
    args: [],
    initrds: [],
    isDefault: false,
    recovery: false,
    at: { path: '/boot/grub/grub.cfg', line: 1 },
    ...changes,
  };
}

export function grub2(...entries: readonly BootEntry[]): BootLoader {
  const cfg = '/boot/grub/grub.cfg';
  return {
    kind: 'grub2',
    cfg,
    menus: [cfg],
    entries,
    sources: [],
    settings: {},
    nextArgs: [],
    nextAt: { path: '/etc/default/grub' },
    alsoAsked: [],
    fixed: undefined,
    beside: [],
  };
}
