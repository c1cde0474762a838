import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplyOptions, apply } from '../../src/apply/apply.ts';
import type { Unpacker } from '../../src/formats/initrd.ts';
import type { Guest, RunLimits, RunResult } from '../../src/guest/guest.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { contentAt } from '../../src/journal/content.ts';
import type { Argv, GuestPath, Plan, Step } from '../../src/model.ts';
import { halfway } from './faulty-guest.ts';
import { makeInitrd } from './make-initrd.ts';

export const kernel = '6.1.0-18-amd64';
export const image: GuestPath = `/boot/initrd.img-${kernel}`;
export const modules: GuestPath = `/lib/modules/${kernel}`;
export const goodInitrd = makeInitrd(kernel, ['hv_vmbus', 'hv_storvsc', 'hv_netvsc']);
export const oldInitrd = makeInitrd(kernel, ['ata_piix']);

/** The test images are plain archives. */
export const unpacker: Unpacker = new Proxy({} as Unpacker, {
  get: () => {
    throw new Error('no test image is compressed');
  },
});

export const options: ApplyOptions = { version: '1.2.3', unpacker };

export type Program = (root: string, argv: Argv, limits: RunLimits) => Partial<RunResult> | Promise<Partial<RunResult>>;
const ran: RunResult = { code: 0, signal: undefined, timedOut: false, stdout: '', stderr: '', cut: false, seconds: 0 };

export const programs: Readonly<Record<string, Program>> = {
  '/usr/sbin/mkinitramfs': (root, argv, { env }) => {
    writeFileSync(join(root, argv[2] ?? ''), env?.[halfway] ? goodInitrd.subarray(0, 99) : goodInitrd, { mode: 0o600 });
    return {};
  },
  // Written in place and beside, as depmod and others do.
  '/sbin/depmod': (root, _argv, { env }) => {
    appendFileSync(join(root, `${modules}/modules.dep`), 'new dep\n');
    if (!env?.[halfway]) writeFileSync(join(root, `${modules}/modules.alias`), 'alias\n');
    return {};
  },
  '/sbin/swapoff': () => ({}),
  '/sbin/swapon': () => ({}),
};

/** The real guest on that root, with its programs played here. One that no test has spoken of fails the test. */
export function openGuest(root: string, more: Readonly<Record<string, Program>> = {}) {
  const calls: string[] = [];
  const played = { ...programs, ...more };
  const run: Guest['run'] = async (argv, limits) => {
    calls.push(argv.join(' '));
    const program = played[argv[0]];
    if (program === undefined) throw new Error(`unscripted: ${argv.join(' ')}`);
    return { ...ran, ...(await program(root, argv, limits)) };
  };
  return { calls, guest: { ...createRootedGuest(root, 'offline'), run } satisfies Guest };
}

const why = [{ check: 'a-check', about: 'something', says: 'is wrong' }];

/** A plan of these steps, made against the guest as it is. */
export async function planOf(guest: Guest, steps: readonly Step[]): Promise<Plan> {
  const digests: Record<GuestPath, string> = {};
  for (const step of steps) {
    if (step.kind === 'copy') digests[step.from] = await contentAt(guest, step.from);
    if (step.kind !== 'write') continue;
    const real = await guest.real(step.path);
    digests[step.path] = await contentAt(guest, real.is === 'there' ? real.value : step.path);
  }
  return { schema: 1, digests, steps: steps.map((step) => ({ step, why })), blockedBy: [] };
}

export const initrdStep: Extract<Step, { kind: 'initrd' }> = {
  kind: 'initrd',
  kernel,
  image,
  build: ['/usr/sbin/mkinitramfs', '-o', '{out}', kernel],
  must: ['hv_vmbus', 'hv_storvsc'],
};

/** Every kind of step, and every sort of path. */
export const everyStep: readonly Step[] = [
  { kind: 'write', path: '/etc/fstab', before: '/dev/sda2 none swap sw 0 0\r\n', content: '# off\r\n', mode: 0o644 },
  { kind: 'write', path: '/etc/several-names', before: 'one file, two names\n', content: 'changed\n', mode: 0o644 },
  { kind: 'write', path: '/etc/linked.conf', before: 'old\n', content: 'new\n', mode: 0o644 },
  { kind: 'write', path: '/etc/dracut.conf.d/deep/azure.conf', before: null, content: 'a="\xe9"\n', mode: 0o600 },
  { kind: 'remove', path: '/etc/udev/rules.d/70-persistent-net.rules' },
  { kind: 'remove', path: '/etc/resume' },
  { kind: 'remove', path: '/etc/empty-folder' },
  { kind: 'remove', path: '/etc/old-link' },
  { kind: 'link', path: '/etc/default/grub', to: '/dev/null' },
  { kind: 'link', path: '/etc/systemd/system/x.service', to: '/dev/null' },
  { kind: 'copy', path: '/efi/EFI/BOOT/BOOTX64.EFI', from: '/efi/EFI/debian/grubx64.efi' },
  { kind: 'copy', path: '/efi/EFI/debian/stale.efi', from: '/efi/EFI/debian/grubx64.efi' },
  { kind: 'run', argv: ['/sbin/swapoff', '/dev/sda2'], rewrites: [], undo: ['/sbin/swapon', '/dev/sda2'] },
  {
    kind: 'run',
    argv: ['/sbin/depmod', '-a', kernel],
    rewrites: [`${modules}/modules.dep`, `${modules}/modules.alias`],
  },
  initrdStep,
];

/** Enough for every way in which something is changed and put back: those left out are done like another one here. */
export const eachWay = everyStep.filter((step) => {
  const alike = ['/etc/linked.conf', '/etc/udev/rules.d/70-persistent-net.rules', '/etc/systemd/system/x.service'];
  return !('path' in step && alike.includes(step.path));
});

export async function applyEachWay(guest: Guest) {
  return apply(await planOf(guest, eachWay), guest, { ...options, runId: 'run-1' });
}

export async function applyEvery(guest: Guest, more: Partial<ApplyOptions> = {}) {
  return apply(await planOf(guest, everyStep), guest, { ...options, runId: 'run-1', ...more });
}

export function isThere(root: string, path: string): boolean {
  return existsSync(join(root, path));
}
