import type { Check } from '../model.ts';
import { article, articleNow, driverArticle, kernelBootArticle } from './sources.ts';

/** A rule of the catalogue that speaks of what is done rather than of what a guest is: the program holds it by how it works. */
export type Conduct = Omit<Check, 'look'>;

const agentCode = "the agent's own code (pa/deprovision, agent.py)";

/** Rules that no look at a guest can answer. Listed by `explain` beside the checks, so that no rule of the article is lost. */
export const conducts: readonly Conduct[] = [
  {
    id: 'initrd-generator',
    area: 'initrd',
    title: 'An initrd is rebuilt by the tool of its own distribution',
    severity: 'must',
    why: "Each distribution has its own tool, and a wrong one makes an image that its own kernel updates do not follow. The version is always named: the running kernel's is not the one to repair.",
    source: [article, kernelBootArticle, driverArticle],
    fix: {
      all: 'plan: the call is shown; apply: it is run, and its exit code is not taken as proof',
      debian: 'mkinitramfs, or dracut where that is installed',
      ubuntu: 'mkinitramfs, or dracut from 25.10 on',
      rhel: 'dracut; mkinitrd with --preload on release 5',
      suse: 'dracut; mkinitrd with INITRD_MODULES on release 11',
      arch: 'mkinitcpio',
      alpine: 'mkinitfs',
    },
  },
  {
    id: 'initrd-backup',
    area: 'initrd',
    title: 'The old initrd stays as NAME.bak',
    severity: 'should',
    why: 'If the new image should not boot after all, the old one can still be named at the boot prompt. The name is one that no boot loader script takes for an image.',
    source: [article, articleNow],
    fix: {
      all: 'apply: kept as NAME.bak without taking its space twice; an older NAME.bak is not overwritten; in the folder of the run where /boot has no room for a copy',
    },
  },
  {
    id: 'initrd-verify-after',
    area: 'initrd',
    title: 'A new initrd is read back before it is used',
    severity: 'must',
    why: 'Generators end with exit code 0 although a module was not found, the disk was full or nothing was done.',
    source: [articleNow, driverArticle, 'dracut(8)', 'update-initramfs.conf(5)'],
    fix: { all: 'apply: built beside the old one, read with our own reader, and only then renamed over it' },
  },
  {
    id: 'deprovision-run',
    area: 'seal',
    title: 'The finish is waagent -force -deprovision',
    severity: 'must',
    why: 'It removes what belongs to this one machine. It cannot be undone, so it comes last and only after every rule that must hold does.',
    source: [article, agentCode],
    fix: { all: 'seal: run as the last step; --remove-user for -deprovision+user; never with --mode specialized' },
  },
  {
    id: 'deprovision-verify',
    area: 'seal',
    title: 'Each promised effect of the seal is looked at',
    severity: 'must',
    why: 'The agent ends with exit code 0 although it failed half-way: what counts is what is gone.',
    source: [agentCode],
    fix: { all: 'seal: every effect is looked at afterwards; one that is missing gives exit code 5' },
  },
  {
    id: 'final-shutdown',
    area: 'seal',
    title: 'After the seal the machine is powered off, not booted again',
    severity: 'info',
    why: 'Another boot would make host keys, leases and a machine id anew.',
    source: [article],
    fix: { all: 'seal: --poweroff does it; without it you are told to' },
  },
];
