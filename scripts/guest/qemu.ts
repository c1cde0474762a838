import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeTree } from './cache.ts';

export interface BootOptions {
  /** A raw image or, with `format: 'vpc'`, a VHD. */
  readonly image: string;
  readonly format?: 'raw' | 'vpc';
  /** Default bios. UEFI finds its loader in the removable path: nothing is remembered from boot to boot. */
  readonly firmware?: 'bios' | 'uefi';
  /** What the disk hangs on. Hyper-V's own controllers do not exist here. Default ahci. */
  readonly disk?: 'ide' | 'ahci' | 'virtio-blk' | 'virtio-scsi';
  /** Seen all of these on the first serial line: enough, the machine is switched off. Without any it must power off. */
  readonly until?: readonly RegExp[];
  /** Seen on a serial line: failed. Besides what every boot failure prints. */
  readonly failOn?: readonly RegExp[];
  /** Default 240. */
  readonly seconds?: number;
  /** false: what the guest writes stays in the image. Default true. */
  readonly snapshot?: boolean;
  /** More arguments for QEMU. */
  readonly extra?: readonly string[];
}

export interface Boot {
  readonly ended: 'seen' | 'powered-off' | 'failed' | 'timeout';
  /** Why it failed: the text that a failure printed, or what was never seen. */
  readonly why?: string;
  /** Everything that came out of ttyS0 (and of the firmware), and of ttyS1. */
  readonly ttyS0: string;
  readonly ttyS1: string;
  readonly seconds: number;
}

/** What a machine prints that will not come up: the time limit need not be waited for. */
const failures = [
  /^\(initramfs\)/m,
  /ALERT! {2}.* does not exist/,
  /grub rescue>/,
  /error: no such (?:device|partition)/,
  /Shell>/,
  /Kernel panic/,
  /No bootable device/,
  /You are in emergency mode/,
  /dracut-initqueue.*timeout/,
];

const disks = {
  ide: ['-device', 'ide-hd,drive=os,bus=ide.0,bootindex=0'],
  ahci: ['-device', 'ich9-ahci,id=sata', '-device', 'ide-hd,drive=os,bus=sata.0,bootindex=0'],
  'virtio-blk': ['-device', 'virtio-blk-pci,drive=os,bootindex=0'],
  'virtio-scsi': ['-device', 'virtio-scsi-pci,id=scsi', '-device', 'scsi-hd,drive=os,bus=scsi.0,bootindex=0'],
} as const;

const firmwares = {
  bios: [],
  uefi: [
    ...['-drive', 'if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
    ...['-drive', 'if=pflash,format=raw,snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.fd'],
  ],
} as const;

/**
 * Boots an image in QEMU without hardware help, and watches its two serial lines. One processor: with two, QEMU's
 * emulation is slower. A graphics card without a display: with none at all GRUB hangs in its graphical terminal.
 */
export async function boot(options: BootOptions): Promise<Boot> {
  const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-boot-'));
  const logs = [path.join(work, 'ttyS0'), path.join(work, 'ttyS1')] as const;
  const began = performance.now();
  // Nobody is left behind when this process is killed.
  const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...arguments_(options, logs)];
  const machine = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  let gone = false;
  machine.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<void>((resolve, reject) => {
    machine.on('error', reject);
    machine.on('close', () => {
      gone = true;
      resolve();
    });
  });
  try {
    for (;;) {
      await Promise.race([delay(250), ended]);
      const seconds = (performance.now() - began) / 1000;
      const [ttyS0, ttyS1] = await Promise.all([readLog(logs[0]), readLog(logs[1])]);
      const state = judge(options, ttyS0, ttyS1, seconds, gone);
      if (gone && complaint.includes('qemu-system')) throw new Error(complaint.trim());
      if (state) return { ...state, ttyS0, ttyS1, seconds };
    }
  } finally {
    if (!gone) machine.kill('SIGTERM');
    await ended.catch(() => {});
    await removeTree(work);
  }
}

function arguments_(options: BootOptions, logs: readonly [string, string]): string[] {
  const { image, format = 'raw', firmware = 'bios', disk = 'ahci', snapshot = true, extra = [] } = options;
  return [
    ...['-accel', 'tcg', '-smp', '1', '-m', '1024', '-display', 'none', '-monitor', 'none'],
    ...['-nodefaults', '-vga', 'std', '-no-reboot', '-serial', `file:${logs[0]}`, '-serial', `file:${logs[1]}`],
    ...firmwares[firmware],
    // Commas in a file name are doubled for QEMU.
    ...[
      '-drive',
      `if=none,id=os,format=${format},snapshot=${snapshot ? 'on' : 'off'},file=${image.replace(/,/g, ',,')}`,
    ],
    ...disks[disk],
    ...extra,
  ];
}

async function readLog(file: string): Promise<string> {
  return readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function judge(
  options: BootOptions,
  ttyS0: string,
  ttyS1: string,
  seconds: number,
  gone: boolean,
): Pick<Boot, 'ended' | 'why'> | undefined {
  const { until = [], failOn = [], seconds: limit = 240 } = options;
  const unseen = until.filter((pattern) => !pattern.test(ttyS0));
  if (until.length > 0 && unseen.length === 0) return { ended: 'seen' };
  for (const pattern of [...failures, ...failOn]) {
    const found = pattern.exec(ttyS0) ?? pattern.exec(ttyS1);
    if (found) return { ended: 'failed', why: found[0] };
  }
  if (gone && until.length === 0) return { ended: 'powered-off' };
  if (gone) return { ended: 'failed', why: `powered off without ${unseen.join(', ')}` };
  if (seconds > limit)
    return { ended: 'timeout', why: `after ${limit} s: not seen ${unseen.join(', ') || 'power-off'}` };
  return undefined;
}
