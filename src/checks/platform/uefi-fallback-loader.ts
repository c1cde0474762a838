import { distroOf } from '../../families/distro/index.ts';
import { type EfiHabits, efiFoldersOf, plainEfi } from '../../families/distro/efi-habits.ts';
import type { Change, Check, EspFacts, EspFile, Facts, Finding, Looked, Policy, Severity } from '../../model.ts';
import { remedy } from '../fixable.ts';
import { ubuntuArticle } from '../sources.ts';
import { wantedTargets } from './vm-generation.ts';

/** What UEFI calls a machine in the names of its programs; the others do not run on Azure. */
const suffixes: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'aa64' };

/** The loaders of one folder below EFI. vfat knows no case, so names are found in lower case. */
type Folder = ReadonlyMap<string, EspFile>;

/** What the loaders are looked at with. */
interface Setting {
  readonly facts: Facts;
  readonly esp: EspFacts;
  readonly habits: EfiHabits;
  readonly suffix: string;
  /** The machine that a loader must be for. */
  readonly machine: string;
  /** EFI/BOOT, spelled as it stands. */
  readonly bootName: string;
  readonly boot: Folder;
}

function parts({ path }: EspFile): { folder: string; name: string } {
  const [name = '', folder = ''] = path.split('/').reverse();
  return { folder, name };
}

function folderOf(esp: EspFacts, folder: string): Folder {
  const files = esp.files.filter((file) => parts(file).folder === folder);
  return new Map(files.map((file) => [parts(file).name.toLowerCase(), file]));
}

function settingOf(facts: Facts, esp: EspFacts, machine: string, suffix: string): Setting {
  const habits = distroOf(facts.os.distro.family)?.efi ?? plainEfi;
  const bootName = esp.files.map((file) => parts(file).folder).find((name) => /^boot$/i.test(name)) ?? 'BOOT';
  return { facts, esp, habits, suffix, machine, bootName, boot: folderOf(esp, bootName) };
}

function programIn(folder: Folder, name: string, { machine }: Setting): EspFile | undefined {
  const file = folder.get(name.toLowerCase());
  return file?.is === machine ? file : undefined;
}

const firstName = ({ suffix }: Setting): string => `BOOT${suffix.toUpperCase()}.EFI`;

/** What is to lie in EFI/BOOT so that it starts what one folder holds; undefined where that holds no loader to start. */
function chainOf(vendor: Folder, setting: Setting): readonly (readonly [EspFile, string])[] | undefined {
  const { habits, suffix, boot } = setting;
  const first = firstName(setting);
  const shim = programIn(vendor, habits.shim(suffix), setting);
  const second = programIn(vendor, habits.second(suffix), setting);
  const alone = [`grub${suffix}.efi`, `systemd-boot${suffix}.efi`].flatMap(
    (name) => programIn(vendor, name, setting) ?? [],
  );
  if (shim === undefined) return alone[0] && [[alone[0], first]];
  const fallback = habits.fallback(suffix);
  const isListed = [...vendor.keys()].some((name) => /^boot.*\.csv$/.test(name));
  const there = programIn(boot, fallback, setting);
  // It comes before the second stage, and ends where no list names a loader.
  if (there !== undefined) return isListed ? [[shim, first]] : undefined;
  const toCopy = isListed ? programIn(vendor, fallback, setting) : undefined;
  if (toCopy !== undefined) return copies(shim, first, [[toCopy, fallback]]);
  const along = habits.along(suffix).flatMap((name) => {
    const file = vendor.get(name.toLowerCase());
    return file === undefined ? [] : [[file, name] as const];
  });
  return second && copies(shim, first, [[second, habits.second(suffix)], ...along]);
}

/** The first loader goes last: as long as it is missing, what it starts does no harm. */
function copies(shim: EspFile, first: string, more: readonly (readonly [EspFile, string])[]) {
  return [...more, [shim, first] as const];
}

/** The copies that make EFI/BOOT start the distribution; undefined where no folder, or more than one, could be meant. */
function wantsOf(setting: Setting): Change[] | undefined {
  const { esp, habits, facts, boot, bootName } = setting;
  const names = new Set(esp.files.map((file) => parts(file).folder).filter((name) => name !== bootName));
  const chains = [...names].flatMap((name) => {
    const chain = chainOf(folderOf(esp, name), setting);
    return chain === undefined ? [] : [{ name: name.toLowerCase(), chain }];
  });
  const own = efiFoldersOf(habits, facts.os).flatMap((name) => chains.filter((chain) => chain.name === name));
  const chosen = chains.length === 1 ? chains[0] : own[0];
  return chosen?.chain
    .filter(([from, name]) => boot.get(name.toLowerCase())?.digest !== from.digest)
    .map(([from, name]): Change => {
      const path = boot.get(name.toLowerCase())?.path ?? (`${esp.folder}/${bootName}/${name}` as const);
      return { kind: 'file', path, is: { copyOf: from.path } };
    });
}

/** What is wrong with the first loader; undefined for one that starts. */
function faultOf(setting: Setting): string | undefined {
  const { boot, esp, habits, suffix, bootName } = setting;
  const first = boot.get(firstName(setting).toLowerCase());
  if (first === undefined) return 'is not there';
  if (first.is === 'no-program') return 'is no program of the firmware (no PE header)';
  if (first.is !== setting.machine) return `is not for this machine (${setting.machine})`;
  const isShim = esp.files.some(
    (file) =>
      parts(file).folder !== bootName &&
      parts(file).name.toLowerCase() === habits.shim(suffix) &&
      file.digest === first.digest,
  );
  const next = [habits.fallback(suffix), habits.second(suffix)];
  if (!isShim || next.some((name) => programIn(boot, name, setting))) return undefined;
  return `is shim, and neither ${next.join(' nor ')} lies beside it`;
}

/** A disk that starts by BIOS as well is not lost without it, unless generation 2 was asked for. */
function weightOf(facts: Facts, policy: Policy): Severity {
  const isAsked = policy.targets.some((target) => target !== 'gen1');
  return isAsked || !['bios', 'both'].includes(facts.os.firmware.is) ? 'must' : 'should';
}

function judgeLoader(setting: Setting, severity: Severity): Looked {
  const { esp, boot, bootName, habits, suffix, facts } = setting;
  const first = boot.get(firstName(setting).toLowerCase());
  const path = first?.path ?? (`${esp.folder}/${bootName}/${firstName(setting)}` as const);
  const fault = faultOf(setting);
  if (fault === undefined) return { is: 'pass', says: `${path} is there and is a program for ${setting.machine}` };
  const byHand = `${habits.byHand(suffix)} in the guest, or copy the loader of the distribution to ${path} with what it starts`;
  const finding: Finding = {
    about: path,
    says: `${path} ${fault}: a new machine has no boot entries, and its firmware starts nothing else`,
    severity,
    evidence: [{ path: esp.folder, text: esp.files.map((file) => file.path.slice(esp.folder.length + 1)).join(' ') }],
    ...remedy(facts, wantsOf(setting) ?? [], byHand),
  };
  return { is: 'fail', findings: [finding] };
}

function look(facts: Facts, policy: Policy): Looked {
  const targets = wantedTargets(policy);
  if (targets.length > 0 && targets.every((target) => target === 'gen1'))
    return { is: 'not-applicable', why: 'only generation 1 was asked for, which starts by BIOS' };
  const { esp, os } = facts;
  const severity = weightOf(facts, policy);
  if (esp.is === 'unreadable') return { is: 'unknown', why: `the EFI system partition: ${esp.why}`, severity };
  if (esp.is === 'absent') {
    if (os.firmware.is === 'bios') return { is: 'not-applicable', why: 'the disk starts by BIOS' };
    if (os.firmware.is === 'unknown') return { is: 'not-applicable', why: 'no EFI system partition was found' };
    const why = 'the EFI system partition is not mounted, or empty: mount it at /boot/efi of the guest and look again';
    return { is: 'unknown', why, severity };
  }
  const machine = os.arch.is === 'there' ? os.arch.value : undefined;
  const suffix = machine === undefined ? undefined : suffixes[machine];
  if (machine === undefined || suffix === undefined)
    return {
      is: 'unknown',
      why: `which loader a machine of the kind ${machine ?? 'that is not known'} starts`,
      severity,
    };
  return judgeLoader(settingOf(facts, esp.value, machine, suffix), severity);
}

export const uefiFallbackLoader: Check = {
  id: 'uefi-fallback-loader',
  area: 'platform',
  title: 'The loader that UEFI starts without a boot entry',
  severity: 'must',
  why: 'The boot entries of the machine on which a guest was installed stay behind in its firmware. A new machine starts EFI/BOOT/BOOTX64.EFI (BOOTAA64.EFI on ARM) of the disk, or nothing.',
  source: [
    ubuntuArticle,
    'UEFI specification, 3.5.1.1 "Removable Media Boot Behavior"',
    'rhboot/shim, README.fallback',
  ],
  fix: {
    all: "the distribution's own loader is copied to EFI/BOOT with what it starts; by hand: grub-install --removable",
    ubuntu: 'shimx64.efi, grubx64.efi and mmx64.efi of EFI/ubuntu are copied to EFI/BOOT',
    debian: 'shimx64.efi with grubx64.efi is copied, or grubx64.efi alone where there is no shim',
    rhel: 'shimx64.efi is copied; fbx64.efi beside it leads to EFI/redhat; by hand: dnf reinstall shim-x64',
    suse: 'shim.efi, grub.efi, MokManager.efi and grub.cfg are copied; by hand: shim-install --removable',
  },
  look,
};
