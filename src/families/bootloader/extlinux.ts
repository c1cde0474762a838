import { editExtlinux, readExtlinux } from '../../formats/extlinux.ts';
import { splitArgs } from '../../formats/kernel-line.ts';
import { readShellVars } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, BootLoader, Facts, GuestPath, LoaderFacts, OsFacts, ShellSetting } from '../../model.ts';
import { besideFile, isRepairLine, versionOfImage } from './boot-paths.ts';
import type { BootLoaderFamily, Edit, KernelArgs } from './bootloader.ts';
import { editVariable } from './grub-defaults.ts';

type Extlinux = Extract<BootLoader, { kind: 'extlinux' }>;

/** Alpine's own place, that of U-Boot and of Debian, and Arch's. */
const menus: readonly GuestPath[] = [
  '/boot/extlinux.conf',
  '/boot/extlinux/extlinux.conf',
  '/boot/syslinux/syslinux.cfg',
];

/** What makes such a menu: Alpine's update-extlinux, Debian's u-boot-menu and extlinux. */
const makers: readonly { readonly path: GuestPath; readonly variable: string }[] = [
  { path: '/etc/update-extlinux.conf', variable: 'default_kernel_opts' },
  { path: '/etc/default/u-boot', variable: 'U_BOOT_PARAMETERS' },
  { path: '/etc/default/extlinux', variable: 'EXTLINUX_PARAMETERS' },
];

function bootEntries(path: GuestPath, text: string): BootEntry[] {
  const { entries, defaultIndex } = readExtlinux(text);
  return entries.flatMap(({ title, kernel, append, args, initrds, line }, index): BootEntry[] => {
    if (kernel === undefined) return [];
    const kernelPath = besideFile(path, kernel.path);
    const own = args.filter((arg) => !arg.startsWith('initrd='));
    return [
      {
        title,
        kernelPath,
        version: versionOfImage(kernelPath),
        args: own,
        initrds: initrds.map((image) => besideFile(path, image)),
        isDefault: index === defaultIndex,
        recovery: isRepairLine(own) || /rescue|recovery/i.test(title),
        at: { path, line: append?.line ?? line },
      },
    ];
  });
}

type Next = Pick<LoaderFacts, 'sources' | 'settings' | 'nextArgs' | 'nextAt'>;

async function nextOf(files: GuestFiles, cfg: GuestPath, entries: readonly BootEntry[]): Promise<Next> {
  for (const { path, variable } of makers) {
    const text = await files.text(path);
    if (text.is === 'unreadable') return { sources: [path], settings: {}, nextArgs: undefined, nextAt: { path } };
    if (text.is !== 'there') continue;
    const settings = readShellVars(text.value, path);
    const setting: ShellSetting | undefined = settings[variable];
    const nextArgs = setting?.literal === false ? undefined : splitArgs(setting?.value ?? '');
    return { sources: [path], settings, nextArgs, nextAt: setting?.at ?? { path } };
  }
  const model = entries.find((entry) => entry.isDefault) ?? entries[0];
  const nextAt = model === undefined ? { path: cfg } : { ...model.at, text: model.args.join(' ') };
  return { sources: [], settings: {}, nextArgs: model?.args ?? [], nextAt };
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<Extlinux | undefined> {
  for (const path of menus) {
    const text = await files.text(path);
    const real = await files.real(path);
    if (text.is !== 'there' || real.is !== 'there') continue;
    const entries = bootEntries(real.value, text.value);
    if (entries.length === 0) continue;
    const next = await nextOf(files, real.value, entries);
    return { kind: 'extlinux', cfg: real.value, entries, ...next, alsoAsked: [], fixed: undefined, beside: [] };
  }
  return undefined;
}

function kernelArgs(want: KernelArgs, found: Extlinux, _facts: Facts): readonly Edit[] | string {
  const { entry: only } = want;
  const chosen = (entry: ReturnType<typeof readExtlinux>['entries'][number]) =>
    only === undefined || (entry.append?.line ?? entry.line) === only.line;
  const menu: Edit = {
    path: found.cfg,
    change: (text) => (text === null ? null : editExtlinux(text, chosen, want)),
  };
  const maker = makers.find(({ path }) => found.sources.includes(path));
  if (only !== undefined || maker === undefined) return [menu];
  if (found.nextArgs === undefined)
    return `${maker.path}: ${maker.variable} is put together by shell code, which is not edited`;
  const { path, variable } = maker;
  return [menu, { path, change: (text) => (text === null ? null : editVariable(text, path, variable, want)) }];
}

export const extlinux: BootLoaderFamily<'extlinux'> = { kind: 'extlinux', detect, kernelArgs };
