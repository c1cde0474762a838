import { distroOf, releaseNumberOf } from '../../families/distro/index.ts';
import { keyOf, valueOf as valueOfArg } from '../../formats/kernel-line.ts';
import type { Change, Check, Facts, GuestPath, Looked } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { bootKernels, driverAt } from '../drivers.ts';
import { remedy, textOf } from '../fixable.ts';
import { isKept, named } from '../initrds.ts';
import { kernelLines } from '../kernel-lines.ts';
import { blocksOf } from '../modprobe.ts';
import { lisa } from '../sources.ts';
import { unread } from '../unread.ts';

const file: GuestPath = '/etc/modprobe.d/blacklist-floppy.conf';

function onEveryLine(facts: Facts): boolean {
  const { lines } = kernelLines(facts);
  const blocks = (arg: string) =>
    ['modprobe.blacklist', 'module_blacklist'].includes(keyOf(arg)) &&
    (valueOfArg(arg) ?? '').split(',').includes('floppy');
  return lines.length > 0 && lines.every((line) => line.args.some(blocks));
}

/** Those initrds that could load it themselves; the others need not be made anew for its sake. */
function holding(facts: Facts): Change[] {
  return facts.initrds
    .filter(
      (initrd) =>
        !isKept(initrd) &&
        initrd.content.is === 'there' &&
        initrd.content.value.is === 'read' &&
        initrd.content.value.modules.some(({ name }) => name === 'floppy'),
    )
    .map((initrd): Change => ({ kind: 'initrd-fresh', ...named(facts, initrd) }));
}

/** LISA asks it of nobody before CentOS 7.8. */
function isExempt({ os }: Facts): boolean {
  const from = distroOf(os.distro.family)?.floppyFrom[os.distro.id];
  const release = releaseNumberOf(os);
  return from !== undefined && release !== undefined && release < from;
}

function look(facts: Facts): Looked {
  if (isExempt(facts)) return { is: 'not-applicable', why: `${facts.os.distro.pretty} is older than this rule` };
  const kernels = bootKernels(facts);
  const having = kernels.filter((kernel) => driverAt(kernel, 'floppy') === 'module');
  const untold = kernels.filter((kernel) => driverAt(kernel, 'floppy') === 'unknown');
  const none: Doubt[] = kernels.length > 0 ? [] : [{ about: 'kernels', why: 'no bootable one was found' }];
  const doubts: Doubt[] = [
    ...none,
    ...untold.map(({ version }) => ({ about: version, why: 'whether it has a floppy driver cannot be told' })),
  ];
  if (having.length === 0 && doubts.length === 0)
    return { is: 'not-applicable', why: 'no kernel here has the floppy driver as a module' };
  if (blocksOf(facts, ['floppy']).length > 0 || onEveryLine(facts))
    return judge([], doubts, 'the floppy driver is kept from loading');
  if (having.length === 0) return judge([], doubts, '');
  const wants: Change[] =
    textOf(facts, file) === undefined
      ? [{ kind: 'file', path: file, is: { content: 'blacklist floppy\n', mode: 0o644 } }, ...holding(facts)]
      : [];
  const finding = {
    about: 'floppy',
    says: 'the floppy driver may load, and wait long for a drive that is not there',
    evidence: having.flatMap((kernel) => (kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }])),
    ...remedy(facts, wants, `echo 'blacklist floppy' >> ${file}, then rebuild the initrd of every kernel`),
  };
  return judge([finding], [...doubts, ...unread(facts, /\/modprobe\.(d(\/|$)|conf$)/)], '');
}

export const floppyBlocked: Check = {
  id: 'floppy-blocked',
  area: 'kernel',
  title: 'The floppy driver does not load',
  severity: 'should',
  why: 'Generation 1 shows a floppy controller without a drive; the driver asks it again and again, which costs time at each boot.',
  source: [lisa('floppy')],
  fix: { all: 'apply: /etc/modprobe.d/blacklist-floppy.conf' },
  look,
};
