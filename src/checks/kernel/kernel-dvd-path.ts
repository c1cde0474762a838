import type { Check, Facts, Finding, Kernel, Looked } from '../../model.ts';
import { fullKernelByHand } from '../by-hand.ts';
import { doubtOf, driverAt, eachKernel, type Seen, sortDrivers } from '../drivers.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { blockFindings, blocksOf } from '../modprobe.ts';
import { lisa, suseArticle } from '../sources.ts';

/** These take the IDE controller away from its driver (LISA fails images that hold them). */
const harmful = ['libata.atapi_enabled=0', 'reserve=0x1f0,0x8'];
const discs = ['sr_mod', 'cdrom'];
/** Generation 1 has the disc on an emulated PIIX4 IDE controller; generation 2 on the SCSI controller of hv_storvsc. */
const controllers = ['ata_piix', 'ata_generic'];

function lookAt(facts: Facts, kernel: Kernel, ide: boolean): Seen {
  const { missing, unknown } = sortDrivers(kernel, discs);
  if (ide) {
    const usable = controllers.filter((driver) => blocksOf(facts, [driver]).length === 0);
    const at = usable.map((driver) => driverAt(kernel, driver));
    if (at.every((where) => where === 'missing')) missing.push(controllers.join(' or '));
    else if (!at.some((where) => where === 'builtin' || where === 'module')) unknown.push(...usable);
  }
  const finding: Finding = {
    about: kernel.version,
    says: `kernel ${kernel.version} cannot reach the DVD drive: ${missing.join(', ')} is missing or kept from loading`,
    evidence: kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }],
    wants: [],
    advice: fullKernelByHand(facts, kernel.version),
  };
  return {
    findings: missing.length > 0 ? [finding] : [],
    doubts: unknown.length > 0 ? [doubtOf(kernel, unknown)] : [],
  };
}

function look(facts: Facts): Looked {
  const arm = facts.os.arch.is === 'there' && /^(aarch64|arm64)$/.test(facts.os.arch.value);
  const ide = !arm && facts.os.firmware.is !== 'uefi';
  const { lines, doubts } = kernelLines(facts);
  const bad = ide ? argsLike(lines, (arg) => harmful.includes(arg)) : [];
  const lineFaults = lineFindings(
    facts,
    lines.filter((line) => line.args.some((arg) => bad.includes(arg))),
    { says: `holds ${bad.join(' ')}, which hides the DVD drive`, want: { have: [], lack: bad } },
  );
  const findings = [...blockFindings(facts, discs), ...lineFaults];
  const says = 'every bootable kernel reaches the DVD drive';
  return eachKernel(facts, says, (kernel) => lookAt(facts, kernel, ide), { findings, doubts });
}

export const kernelDvdPath: Check = {
  id: 'kernel-dvd-path',
  area: 'kernel',
  title: 'Every bootable kernel reaches the DVD drive',
  severity: 'must',
  why: 'The disc with the provisioning data sits in an emulated DVD drive: on IDE in generation 1, on SCSI in generation 2.',
  source: [suseArticle, lisa('verify_grub')],
  fix: { all: 'apply: a line or argument that blocks it is taken out; by hand: a kernel that has the drivers' },
  look,
};
