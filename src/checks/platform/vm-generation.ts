import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { article, articleNow } from '../sources.ts';

type Target = Policy['targets'][number];

/** What the user insists on. The article of 2018 knows generation 1 only. NVMe disks come with generation 2 only. */
export function wantedTargets(policy: Policy): readonly Target[] {
  return policy.profile === 'seed-2018' && policy.targets.length === 0 ? ['gen1'] : policy.targets;
}

function fits(target: Target, firmware: 'bios' | 'uefi' | 'both'): boolean {
  return firmware === 'both' || (target === 'gen1' ? firmware === 'bios' : firmware === 'uefi');
}

const advice: Readonly<Record<Target, string>> = {
  gen1: 'install a BIOS boot loader (grub-install --target=i386-pc DISK, with a BIOS boot partition on GPT), or create a generation 2 machine',
  gen2: 'add an EFI system partition and an EFI boot loader (grub-install --target=x86_64-efi --removable), or create a generation 1 machine',
  nvme: 'NVMe sizes are generation 2: add an EFI system partition and an EFI boot loader',
};

/** A loader on the EFI system partition, or the firmware that has just started one: a package or a line of fstab is neither. */
function isLoaderSeen(facts: Facts): boolean {
  return facts.os.firmware.evidence.some(({ path }) => path.endsWith('/EFI') || path === '/sys/firmware/efi');
}

const unseen = 'no loader was seen on the EFI system partition: is /boot/efi mounted?';

function look(facts: Facts, policy: Policy): Looked {
  const targets = wantedTargets(policy);
  const { is: firmware, evidence } = facts.os.firmware;
  if (firmware === 'unknown') {
    const why = 'neither an EFI system partition nor a BIOS boot loader was found';
    return { is: 'unknown', why, severity: targets.length > 0 ? 'must' : 'info' };
  }
  const findings = targets
    .filter((target) => !fits(target, firmware))
    .map(
      (target): Finding => ({
        about: target,
        says: `the disk starts by ${firmware.toUpperCase()} only, which ${target} does not`,
        severity: 'must',
        evidence,
        wants: [],
        advice: advice[target],
      }),
    );
  if (findings.length > 0) return { is: 'fail', findings };
  const needsUefi = targets.some((target) => target !== 'gen1');
  if (needsUefi && !isLoaderSeen(facts)) return { is: 'unknown', why: unseen, severity: 'must' };
  const says = {
    bios: 'starts by BIOS: create the image with --hyper-v-generation V1',
    uefi: 'starts by UEFI: create the image with --hyper-v-generation V2',
    both: 'starts by BIOS and by UEFI: --hyper-v-generation V1 and V2 both fit',
  };
  const note = firmware === 'bios' || isLoaderSeen(facts) ? '' : ` (V2 only if so: ${unseen})`;
  return { is: 'pass', says: says[firmware] + note };
}

export const vmGeneration: Check = {
  id: 'vm-generation',
  area: 'platform',
  title: 'Generation of virtual machine that the disk boots on',
  severity: 'info',
  why: 'Generation 1 starts by BIOS, generation 2 by UEFI; a disk made for one does not start on the other, and the choice cannot be changed later.',
  source: [article, articleNow],
  fix: { all: 'by hand: choose the generation that is named when the image is made; conversion does not change it' },
  look,
};
