import { commentLine } from '../formats/lines.ts';
import { readModprobe } from '../formats/modprobe-conf.ts';
import type { Change, Facts, Finding, GuestPath, ModprobeBlock } from '../model.ts';
import { bootKernels } from './drivers.ts';
import { lineOff, remedy, textOf } from './fixable.ts';
import { freshInitrds, isKept, named } from './initrds.ts';

/** Drivers that boot, provisioning or the network need: nothing may keep them from loading. */
const guarded = new Set(
  'hv_vmbus hv_storvsc hv_netvsc hv_utils hv_balloon udf vfat fat isofs ata_piix ata_generic sr_mod cdrom scsi_mod sd_mod nvme mlx4_core mlx5_core mana pci_hyperv'.split(
    ' ',
  ),
);

export function isGuarded(module: string): boolean {
  return guarded.has(module) || module.startsWith('nls_');
}

/** The lines of modprobe configuration that keep these modules from loading. */
export function blocksOf(facts: Facts, modules: readonly string[]): readonly ModprobeBlock[] {
  return facts.modprobe.filter((block) => modules.includes(block.module));
}

/** A name in /etc hides the same name in a vendor folder, which belongs to a package and is not edited. */
const vendorFolder = /^(\/usr\/local\/lib|\/usr\/lib|\/lib)\/modprobe\.d\/([^/]+)$/;

/** One finding for each file that blocks some of `modules`, mended as a whole: half a file mended would be a contradiction. */
export function blockFindings(facts: Facts, modules: readonly string[]): Finding[] {
  const blocks = blocksOf(facts, modules);
  const paths = [...new Set(blocks.map((block) => block.at.path))];
  return paths.map((path): Finding => {
    const here = blocks.filter((block) => block.at.path === path);
    const names = [...new Set(here.map((block) => block.module))].join(', ');
    return {
      about: path,
      says: `${path} keeps ${names} from loading`,
      evidence: here.map((block) => block.at),
      ...remedy(
        facts,
        unblocked(facts, path),
        `comment these lines out${vendorFolder.test(path) ? ` in a copy of the file below /etc/modprobe.d` : ''}, then rebuild the initrd of every kernel`,
      ),
    };
  });
}

/** Nothing is wanted where a line cannot be named exactly. */
function unblocked(facts: Facts, path: GuestPath): Change[] {
  const blocks = facts.modprobe.filter((block) => block.at.path === path && isGuarded(block.module));
  const offs = blocks.flatMap((block) => lineOff(facts, block.at) ?? []).filter((want) => want.kind === 'line-off');
  if (offs.length < blocks.length) return [];
  // The initrds hold copies of the modprobe configuration.
  const fresh = freshInitrds(facts);
  const vendor = vendorFolder.exec(path)?.[2];
  if (vendor === undefined) return [...offs, ...fresh];
  const content = offs.reduce((text, { line, text: now }) => commentLine(text, line, now), textOf(facts, path) ?? '');
  return [{ kind: 'file', path: `/etc/modprobe.d/${vendor}`, is: { content, mode: 0o644 } }, ...fresh];
}

/** The folders of an initrd that modprobe reads; a name in one hides the same name in those after it. */
const foldersInside = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'].map((folder) => `${folder}/modprobe.d/`);

/** What blocks inside an initrd. Its generators copy a vendor's file and the one in /etc that hides it alike. */
function blocksInside(texts: Readonly<Record<string, string>>): ModprobeBlock[] {
  const byName = new Map<string, string>();
  for (const folder of foldersInside) {
    for (const path of Object.keys(texts).filter((one) => one.startsWith(folder) && one.endsWith('.conf'))) {
      const name = path.slice(folder.length);
      if (!byName.has(name)) byName.set(name, path);
    }
  }
  return [...byName.values(), 'etc/modprobe.conf'].flatMap((path) => readModprobe(texts[path] ?? '', `/${path}`));
}

/** Blocks that stand only in an initrd any more: the configuration was mended and the image was not made anew. */
export function staleInitrdFindings(facts: Facts): Finding[] {
  const counting = new Set(bootKernels(facts).map((kernel) => kernel.version));
  return facts.initrds.flatMap((initrd): Finding[] => {
    const { kernel, path, content } = initrd;
    if (!counting.has(kernel) || content.is !== 'there' || content.value.is !== 'read') return [];
    const blocks = blocksInside(content.value.texts).filter((block) => isGuarded(block.module));
    const names = [...new Set(blocks.map((block) => block.module))];
    if (names.length === 0) return [];
    return [
      {
        about: path,
        says: `the initrd of ${kernel} holds configuration that keeps ${names.join(', ')} from loading`,
        evidence: blocks.map((block) => ({ path, text: `${block.at.path}: ${block.at.text ?? block.module}` })),
        ...remedy(
          facts,
          isKept(initrd) ? [] : [{ kind: 'initrd-fresh', ...named(facts, initrd) }],
          `rebuild the initrd of ${kernel}`,
        ),
      },
    ];
  });
}
