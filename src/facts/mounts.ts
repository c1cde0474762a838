import { valueOf as argValue } from '../formats/kernel-line.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootLoader, Evidence, FstabEntry, GuestPath, StorageFacts } from '../model.ts';
import { kindOf, type LiveMount, mountedDevice } from './block-devices.ts';
import { defaultArg, defaultEntry } from './boot.ts';

type Mount = StorageFacts['mounts'][number];

/** What the system itself needs; `/` always, the others where they are mounted separately. */
const targets = ['/', '/usr', '/var', '/boot', '/boot/efi'];

/** What the system's own file systems stand on now, by the kernel's word. */
export async function liveMounts(files: GuestFiles, mounts: readonly LiveMount[]): Promise<Mount[]> {
  const found = targets.flatMap((target) => mounts.findLast((mount) => mount.target === target) ?? []);
  return Promise.all(
    found.map(async (mount): Promise<Mount> => {
      const name = await mountedDevice(files, mount);
      const at = { path: '/proc/self/mountinfo', line: mount.line, text: mount.text } as const;
      const on =
        name === undefined ? (mount.source.startsWith('/dev/') ? 'unknown' : 'other') : await kindOf(files, name);
      return { target: mount.target, source: mount.source, on, at };
    }),
  );
}

/** What they will stand on at the next boot, as far as names in files tell. */
export async function offlineMounts(
  files: GuestFiles,
  fstab: readonly FstabEntry[],
  boot: BootLoader,
): Promise<Mount[]> {
  const hints = await readHints(files, boot);
  const mounts = targets.flatMap((target): Mount[] => {
    const entry = fstab.findLast((one) => one.target === target);
    if (entry === undefined) return [];
    const at = { path: '/etc/fstab', line: entry.line, text: entry.text } as const;
    return [{ target, source: entry.source, ...standsOn(entry.source, target, hints, at) }];
  });
  const root = defaultArg(boot, 'root');
  const entry = defaultEntry(boot);
  if (mounts.some((mount) => mount.target === '/') || root === undefined || entry === undefined) return mounts;
  return [
    { target: '/', source: root, ...standsOn(root, '/', hints, { ...entry.at, text: `root=${root}` }) },
    ...mounts,
  ];
}

/** What tells more than a UUID does. */
interface Hints {
  /** Names below /dev/mapper that /etc/crypttab makes. */
  readonly encrypted: readonly string[];
  /** Volumes that the kernel line has dracut open for the root. */
  readonly byDracut: 'lvm' | 'luks' | undefined;
  /** What GRUB loads to reach `/` and /boot: grub-mkconfig asked the disk itself (grub-probe). */
  readonly grub: readonly { readonly module: string; readonly at: Evidence }[];
}

async function readHints(files: GuestFiles, boot: BootLoader): Promise<Hints> {
  const crypttab = await files.text('/etc/crypttab');
  const lines = crypttab.is === 'there' ? crypttab.value.split('\n') : [];
  const encrypted = lines.flatMap((line) => /^\s*([^#\s]\S*)\s+\S/.exec(line)?.[1] ?? []);
  const args = defaultEntry(boot)?.args ?? [];
  const volumes = args.filter((arg) => arg.startsWith('rd.lvm.lv=') && !/swap/i.test(argValue(arg) ?? ''));
  const luks = args.some((arg) => /^rd\.luks\.(?:uuid|name)=/.test(arg));
  const byDracut = volumes.length > 0 ? 'lvm' : luks ? 'luks' : undefined;
  return { encrypted, byDracut, grub: 'menus' in boot ? await insmods(files, boot.cfg) : [] };
}

async function insmods(files: GuestFiles, path: GuestPath): Promise<Hints['grub']> {
  const cfg = await files.text(path);
  if (cfg.is !== 'there') return [];
  return cfg.value.split('\n').flatMap((text, line) => {
    const module = /^\s*insmod\s+(\S+)/.exec(text)?.[1];
    return module === undefined ? [] : [{ module, at: { path, line: line + 1, text: text.trim() } }];
  });
}

type Standing = Pick<Mount, 'on' | 'at'>;

function standsOn(source: string, target: string, hints: Hints, at: Evidence): Standing {
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(source)?.[1];
  if (mapped !== undefined) return { on: kindOfMapped(mapped, hints), at };
  if (/^\/dev\/md(?:\d|_|\/)/.test(source)) return { on: 'raid', at };
  const partition =
    /^\/dev\/(?:(?:sd|vd|xvd|hd)[a-z]+\d|(?:nvme\d+n|mmcblk)\d+p\d|disk\/by-part(?:uuid|label)\/)|^PART(?:UUID|LABEL)=/;
  if (partition.test(source) || /^\/dev\/disk\/by-(?:id|path)\/.+-part\d+$/.test(source))
    return { on: 'partition', at };
  if (/^(?:UUID|LABEL)=|^\/dev\/disk\//.test(source)) return behindName(target, hints, at);
  // `/dev/VG/LV`; `/dev/block/8:1` and the like are no volume groups.
  if (/^\/dev\/(?!block\/|fd\/|input\/|shm\/)[^/]+\/[^/]+$/.test(source)) return { on: 'lvm', at };
  return { on: source.startsWith('/dev/') ? 'unknown' : 'other', at };
}

/** LVM writes VG-LV, with a hyphen inside a name doubled. */
function kindOfMapped(name: string, { encrypted }: Hints): Mount['on'] {
  if (encrypted.includes(name) || name.startsWith('luks-')) return 'luks';
  if (/^mpath/.test(name)) return 'multipath';
  return /[^-](?:--)*-(?:--)*[^-]/.test(name) ? 'lvm' : 'unknown';
}

/** A UUID or label may name anything: the file system of a volume as well as that of a partition. */
function behindName(target: string, { byDracut, grub }: Hints, at: Evidence): Standing {
  // The firmware reads the EFI system partition without knowing of volumes.
  if (target === '/boot/efi') return { on: 'partition', at };
  if (target === '/' && byDracut !== undefined) return { on: byDracut, at };
  if (target !== '/' && target !== '/boot') return { on: 'unknown', at };
  const loads = (pattern: RegExp) => grub.find(({ module }) => pattern.test(module));
  const layers = [
    { on: 'lvm', found: loads(/^lvm$/) },
    { on: 'luks', found: loads(/^(?:cryptodisk|luks2?)$/) },
    { on: 'raid', found: loads(/^(?:mdraid|raid|diskfilter)/) },
  ] as const;
  const layer = layers.find(({ found }) => found !== undefined);
  // Which of two file systems it is for is not said, but a /boot of its own is there because GRUB should need no such thing.
  if (layer?.found !== undefined) return target === '/' ? { on: layer.on, at: layer.found.at } : { on: 'unknown', at };
  const plain = loads(/^part_/);
  return plain === undefined ? { on: 'unknown', at } : { on: 'partition', at: plain.at };
}
