import type { InitrdArchive, InitrdContent } from '../../model.ts';
import { printable } from './printable.ts';
import type { Printer } from './printer.ts';

/** Drivers named one by one; the others are counted, unless everything is wanted. */
const drivers = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc', 'hyperv_keyboard', 'hid_hyperv', 'pci_hyperv', 'nvme'];

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function describe(archive: InitrdArchive, number: number): string {
  const packed =
    archive.compression === 'none' ? 'not compressed' : `${archive.compression}, ${size(archive.unpacked)} unpacked`;
  const early = archive.early ? ', early microcode or tables' : '';
  const end = archive.trailer ? '' : ', without its TRAILER entry';
  return `  ${number}. at byte ${archive.offset}: ${size(archive.bytes)}, cpio ${archive.format}, ${packed}, ${archive.entries} entries${early}${end}`;
}

/** What an initrd holds, for a person. */
export function showInitrd(file: string, content: InitrdContent, printer: Printer, quiet: boolean): void {
  if (content.is === 'unknown') {
    printer.line(
      `${printer.paint('warn', 'unknown')}  ${printable(file)}: at byte ${content.offset}: ${printable(content.why)}`,
    );
    return;
  }
  printer.line(
    printer.paint('bold', `${printable(file)}: ${size(content.bytes)}, ${content.modules.length} kernel modules`),
  );
  for (const [index, archive] of content.archives.entries()) printer.line(describe(archive, index + 1));
  if (content.hidden !== undefined) printer.line(printer.paint('warn', `  ${printable(content.hidden)}`));
  for (const kernel of content.kernels) {
    const here = new Map(
      content.modules.filter((module) => module.kernel === kernel).map((module) => [module.name, module]),
    );
    printer.line(`  kernel ${printable(kernel)}: ${here.size} modules`);
    for (const name of drivers) {
      const found = here.get(name);
      if (found !== undefined) printer.line(`    ${printer.paint('good', name.padEnd(16))} ${printable(found.path)}`);
      else if (content.builtin.includes(name)) printer.line(`    ${name.padEnd(16)} built into the kernel`);
      else printer.line(`    ${printer.paint('dim', `${name.padEnd(16)} not in this image`)}`);
    }
    if (quiet) continue;
    for (const [name, module] of here)
      if (!drivers.includes(name))
        printer.line(printer.paint('dim', `    ${printable(name.padEnd(24))} ${printable(module.path)}`));
  }
}
