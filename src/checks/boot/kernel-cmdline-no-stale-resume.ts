import { keyOf, valueOf as valueOfArg } from '../../formats/kernel-line.ts';
import type { Change, Check, Evidence, Facts, Finding, GuestPath, Looked, Severity } from '../../model.ts';
import { judge } from '../answer.ts';
import { initrdByHand } from '../by-hand.ts';
import { bootKernels } from '../drivers.ts';
import { realPath, remedy } from '../fixable.ts';
import { freshInitrds } from '../initrds.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';

const resumeConf: GuestPath = '/etc/initramfs-tools/conf.d/resume';

/** Swap on the OS disk is on its way out (swap-none-on-os-disk), and what resumes from it goes with it. */
function swapLeaves(facts: Facts): boolean {
  return facts.storage.swaps.some((swap) => swap.on === 'os-disk' || swap.on === 'unknown');
}

/** A target that is there delays nothing: pointless in an image, but no boot waits for it. */
function severityOf(facts: Facts, target: string): Severity | undefined {
  if (swapLeaves(facts)) return undefined;
  const known = facts.storage.ids.some((id) =>
    [`UUID=${id.uuid}`, `PARTUUID=${id.partuuid}`, `LABEL=${id.label}`].includes(target),
  );
  return known ? 'should' : undefined;
}

/** `resume=`, its offset, and what makes dracut wait for a swap volume. `noresume` and `resume=none` are content. */
function isStale(arg: string, facts: Facts): boolean {
  const value = valueOfArg(arg) ?? '';
  switch (keyOf(arg)) {
    case 'resume':
      return value !== '' && value !== 'none';
    case 'resume_offset':
      return true;
    case 'rd.lvm.lv':
      return /^[^/]+\/.*swap/i.test(value);
    case 'rd.luks.uuid':
      return facts.storage.swaps.some((swap) => swap.source.includes(value.replace(/^luks-/, '')));
    default:
      return false;
  }
}

function onKernelLines(facts: Facts): { findings: Finding[]; doubts: ReturnType<typeof kernelLines>['doubts'] } {
  const { lines, doubts } = kernelLines(facts);
  const stale = argsLike(lines, (arg) => isStale(arg, facts));
  const faulty = lines.filter((line) => line.args.some((arg) => stale.includes(arg)));
  const severities = stale.map((arg) => severityOf(facts, valueOfArg(arg) ?? ''));
  const milder = severities.every((severity) => severity === 'should');
  const findings = lineFindings(facts, faulty, {
    says: `holds ${stale.join(' ')}: the boot may wait for a device that the image does not have`,
    want: { have: [], lack: stale },
    ...(milder ? { severity: 'should' as const } : {}),
  });
  return { findings, doubts };
}

/** What the initrds themselves hold: dracut's etc/cmdline.d and initramfs-tools' conf/conf.d. */
function bakedIn(facts: Facts): { kernel: string; at: Evidence; target: string }[] {
  return facts.initrds.flatMap(({ kernel, path, content }) => {
    if (content.is !== 'there' || content.value.is !== 'read') return [];
    return Object.entries(content.value.texts).flatMap(([name, text]) => {
      const target = /(?:^|\s)resume=["']?([^\s"']+)/i.exec(text)?.[1];
      if (target === undefined || target === 'none' || !/(^|\/)(cmdline\.d|conf\/conf\.d)\//.test(name)) return [];
      return [{ kernel, target, at: { path, text: `${name}: ${text.trim()}` } }];
    });
  });
}

function inInitrdConf(facts: Facts): Finding[] {
  const tool = facts.initrdTool;
  if (tool.kind !== 'initramfs-tools' || tool.resume === undefined) return [];
  const { value, at } = tool.resume;
  if (value === '' || value === 'none' || (value === 'auto' && !swapLeaves(facts))) return [];
  const severity = severityOf(facts, value);
  const wants: Change[] = [
    { kind: 'setting', path: realPath(facts, at.path), as: 'shell', key: 'RESUME', value: 'none' },
    ...freshInitrds(facts),
  ];
  return [
    {
      about: at.path,
      says: `RESUME=${value} makes every initrd look for a hibernation image there`,
      ...(severity ? { severity } : {}),
      evidence: [at],
      ...remedy(facts, wants, `write RESUME=none into ${at.path}, then update-initramfs -u -k all`),
    },
  ];
}

function inInitrds(facts: Facts): Finding[] {
  const counting = new Set(bootKernels(facts).map((kernel) => kernel.version));
  const tool = facts.initrdTool;
  // Where nothing is configured, initramfs-tools takes the swap that is active while it builds.
  const pin: Change[] =
    tool.kind === 'initramfs-tools' && tool.resume === undefined
      ? [{ kind: 'file', path: resumeConf, is: { content: 'RESUME=none\n', mode: 0o644 } }]
      : [];
  return bakedIn(facts)
    .filter(({ kernel }) => counting.has(kernel))
    .map(({ kernel, at, target }): Finding => {
      const severity = severityOf(facts, target);
      const wants: Change[] = [...pin, { kind: 'initrd-fresh', kernel }];
      return {
        about: at.path,
        says: `the initrd of ${kernel} looks for a hibernation image on ${target}`,
        ...(severity ? { severity } : {}),
        evidence: [at],
        ...remedy(facts, wants, initrdByHand(facts, kernel, [])),
      };
    });
}

function look(facts: Facts): Looked {
  const { findings, doubts } = onKernelLines(facts);
  const tool = facts.initrdTool;
  const all = [...doubts];
  if (tool.kind === 'unknown') all.push({ about: 'initrd tool', why: tool.why });
  return judge(
    [...findings, ...inInitrdConf(facts), ...inInitrds(facts)],
    all,
    'no boot looks for a hibernation image',
  );
}

export const kernelCmdlineNoStaleResume: Check = {
  id: 'kernel-cmdline-no-stale-resume',
  area: 'boot',
  title: 'No boot waits for swap that is gone',
  severity: 'must',
  why: 'Once swap leaves the OS disk, a boot that still wants to resume from it waits, and with dracut ends in an emergency shell.',
  source: ['follows from swap-none-on-os-disk', 'initramfs-tools hooks/resume', 'dracut.cmdline(7)'],
  fix: { all: 'apply: resume= goes, RESUME=none is written where initramfs-tools builds, and the initrd is made anew' },
  look,
};
