import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scan } from '../../src/facts/scan.ts';
import { asksFor } from '../../src/families/initrd/index.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import type { Argv } from '../../src/model.ts';
import { type Program, unpacker } from '../apply/applied-guest.ts';
import { makeCpio } from '../lib/cpio-writer.ts';
import { initrdImage } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

/** The place that apply has named for the new image, under whatever option. */
function outputOf(argv: Argv): string {
  // SUSE's mkinitrd takes a name, in the folder that stands behind -b.
  const folder = argv.includes('-b') ? `${argv[argv.indexOf('-b') + 1]}/` : '';
  const found = argv.flatMap((word) =>
    /^\S+\.prep-guest-new$/.test(word) ? `${word.startsWith('/') ? '' : folder}${word}` : [],
  )[0];
  if (found === undefined) throw new Error(`no output named: ${argv.join(' ')}`);
  return found;
}

/**
 * An initrd tool that does as it is told and no more: what its configuration names on the disk at that moment, what it is
 * asked for on the command line, and what comes anyway. So a guest whose edit is wrong gets a wrong image.
 */
function builder(guest: PhonyGuest): Program {
  return async (root, argv) => {
    const facts = await scan(createReadOnlyGuest(root, 'offline'), { unpacker, skipInitrds: true });
    const kernel = facts.kernels.find((one) => argv.some((word) => word.includes(one.version)));
    if (kernel === undefined) throw new Error(`no kernel named: ${argv.join(' ')}`);
    const tool = facts.initrdTool;
    const asked = argv.flatMap((word) => /^--preload=(\w+)$/.exec(word)?.[1] ?? []);
    const modules = kernel.modules.is === 'there' ? kernel.modules.value : {};
    const named = Object.keys(modules).filter((name) => asksFor(name, kernel, tool));
    const all = new Set([...(guest.comesAnyway ?? []), ...named, ...asked]);
    for (const name of [...all]) for (const need of kernel.dependsOn[name] ?? []) all.add(need);
    const held = [...all].filter((name) => modules[name] !== undefined);
    const image = initrdImage(kernel.version, held);
    // Where no old image stands beside, one of a few bytes is taken for a stump.
    const isFirst = facts.initrds.some((one) => one.kernel === kernel.version && one.content.is === 'absent');
    const filler = isFirst ? makeCpio([{ path: 'filler', body: 'x'.repeat(1024 * 1024) }]) : Buffer.alloc(0);
    writeFileSync(join(root, outputOf(argv)), Buffer.concat([image, filler]), { mode: 0o600 });
    return {};
  };
}

/** The programs that a guest may be asked to run, played. */
export function programsOf(guest: PhonyGuest): Readonly<Record<string, Program>> {
  const build = builder(guest);
  return {
    '/usr/sbin/mkinitramfs': build,
    '/usr/bin/dracut': build,
    '/usr/sbin/dracut': build,
    '/sbin/dracut': build,
    '/sbin/mkinitrd': build,
    '/usr/bin/mkinitcpio': build,
    '/sbin/mkinitfs': build,
    '/usr/sbin/visudo': () => ({}),
    ...guest.programs,
  };
}
