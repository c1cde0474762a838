import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lutimesSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { apply, type ApplyOptions } from '../../src/apply/apply.ts';
import type { Unpacker } from '../../src/formats/initrd.ts';
import type { Guest, RunLimits, RunResult } from '../../src/guest/guest.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { contentAt } from '../../src/journal/content.ts';
import type { Argv, GuestPath, Plan, Step } from '../../src/model.ts';
import { makeGuest } from '../lib/phony-guest.ts';
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

/** A guest with a file of every sort that a plan touches: odd owners, modes and times, several names, links. */
export function makeRoot(): string {
  const root = makeGuest({
    '/boot/grub/grub.cfg': { content: 'linux /vmlinuz quiet\n', mode: 0o444 },
    [image]: oldInitrd,
    '/etc/fstab': { content: '/dev/sda2 none swap sw 0 0\r\n', mode: 0o640 },
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\n',
    '/etc/several-names': 'one file, two names\n',
    '/etc/real.conf': 'old\n',
    '/etc/linked.conf': { link: 'real.conf' },
    '/etc/udev/rules.d/70-persistent-net.rules': 'SUBSYSTEM=="net"\n',
    '/etc/resume': 'resume\n',
    '/etc/empty-folder': { folder: true, mode: 0o750 },
    '/etc/old-link': { link: '/somewhere' },
    [`${modules}/modules.dep`]: 'old dep\n',
    [`${modules}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
    '/var/lib': { folder: true },
    '/var/tmp': { folder: true },
  });
  const at = (path: string) => join(root, path);
  linkSync(at('/etc/several-names'), at('/etc/second-name'));
  linkSync(at('/etc/resume'), at('/etc/resume.2'));
  chownSync(at('/etc/fstab'), 1234, 5678);
  chmodSync(at('/etc/default/grub'), 0o600);
  lutimesSync(at('/etc/old-link'), 1, 1e9 + 0.5);
  execFileSync('sh', ['-c', 'find . -mindepth 1 -exec touch -h -d @1600000000.123456789 {} +'], { cwd: root });
  utimesSync(root, 1.6e9, 1.6e9);
  return root;
}

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
    if (step.kind !== 'write') continue;
    const real = await guest.real(step.path);
    digests[step.path] = await contentAt(guest, real.is === 'there' ? real.value : step.path);
  }
  return { schema: 1, digests, steps: steps.map((step) => ({ step, why })), blockedBy: [] };
}

export const initrdStep: Step = {
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
  { kind: 'run', argv: ['/sbin/swapoff', '/dev/sda2'], rewrites: [], undo: ['/sbin/swapon', '/dev/sda2'] },
  {
    kind: 'run',
    argv: ['/sbin/depmod', '-a', kernel],
    rewrites: [`${modules}/modules.dep`, `${modules}/modules.alias`],
  },
  initrdStep,
];

export async function applyEvery(guest: Guest, more: Partial<ApplyOptions> = {}) {
  return apply(await planOf(guest, everyStep), guest, { ...options, runId: 'run-1', ...more });
}

export function isThere(root: string, path: string): boolean {
  return existsSync(join(root, path));
}
