import { bootEntries } from '../../facts/boot.ts';
import { keyOf } from '../../formats/kernel-line.ts';
import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { article, articleNow, certification, ubuntuArticle } from '../sources.ts';

const wanted = 'rootdelay=300';

/**
 * Why the argument would do harm here (CJ-1): whoever takes it for a pause, not for an upper bound, adds five minutes to
 * every boot. dracut ignores it; Ubuntu's initramfs-tools waits no longer than needed.
 */
function harm(facts: Facts): string | undefined {
  if (facts.initrdTool.kind === 'initramfs-tools' && facts.initrdTool.rootdelaySleeps)
    return 'this initramfs-tools sleeps for the whole of rootdelay: it would delay every boot by 300 s';
  const entries = bootEntries(facts.boot).filter((entry) => !entry.recovery);
  if (entries.some((entry) => entry.initrds.length === 0))
    return 'a boot entry has no initrd, and then the kernel itself sleeps: it would delay every boot by 300 s';
  if (entries.some((entry) => entry.args.some((arg) => /^root=zfs[=:]/i.test(arg))))
    return 'the root is on ZFS, whose boot script sleeps for the whole of rootdelay: 300 s at every boot';
  return undefined;
}

function look(facts: Facts, policy: Policy): Looked {
  const { lines, doubts } = kernelLines(facts);
  const present = argsLike(lines, (arg) => keyOf(arg) === 'rootdelay');
  if (policy.profile === 'seed-2018') {
    const without = lines.filter((line) => !line.args.includes(wanted));
    const lack = present.filter((arg) => arg !== wanted);
    const findings = lineFindings(facts, without, { says: `lacks ${wanted}`, want: { have: [wanted], lack } });
    return judge(findings, doubts, `every kernel line has ${wanted}`);
  }
  const reason = harm(facts);
  if (reason !== undefined) {
    const delayed = lines.filter((line) => line.args.some((arg) => present.includes(arg)));
    if (delayed.length === 0 && doubts.length === 0) return { is: 'not-applicable', why: `not added: ${reason}` };
    const findings = lineFindings(facts, delayed, {
      says: `has ${present.join(' ')}, and here every boot waits that long`,
      want: undefined,
      byHand: `take ${present.join(' ')} out of the kernel line if that wait is not wanted`,
      severity: 'info',
    });
    return judge(findings, doubts, `not added: ${reason}`);
  }
  if (facts.initrdTool.kind === 'unknown')
    return { is: 'unknown', why: `whether it would only delay every boot cannot be told: ${facts.initrdTool.why}` };
  const without = lines.filter((line) => !line.args.some((arg) => keyOf(arg) === 'rootdelay'));
  const findings = lineFindings(facts, without, { says: `lacks ${wanted}`, want: { have: [wanted], lack: [] } });
  const kept = present.filter((arg) => arg !== wanted);
  const note = kept.length > 0 ? `; ${kept.join(' ')} was there and stays` : '';
  return judge(findings, doubts, `every kernel line waits for a slow root disk${note}`);
}

export const kernelCmdlineRootdelay: Check = {
  id: 'kernel-cmdline-rootdelay',
  area: 'boot',
  title: 'The boot waits for a slow root disk',
  severity: 'should',
  why: 'A storage request may take long on a busy host; rootdelay=300 gives the root disk five minutes. Where the initrd takes it for a pause it is left out.',
  source: [article, articleNow, ubuntuArticle, certification, 'initramfs-tools init', 'Linux init/do_mounts.c'],
  fix: {
    all: 'apply: rootdelay=300 where it does no harm',
    debian: 'left out, since its initrd would sleep for 300 seconds at every boot; --profile seed-2018 adds it',
  },
  look,
};
