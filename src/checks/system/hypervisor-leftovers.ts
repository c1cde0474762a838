import { distroOf } from '../../families/distro/index.ts';
import { initrdSettings } from '../../families/initrd/index.ts';
import { packageManagers } from '../../families/package-manager/index.ts';
import { splitLines } from '../../formats/lines.ts';
import type { Check, Evidence, Facts, Finding, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { unread } from '../unread.ts';

/** Helpers that do nothing, or complain, on any other hypervisor than theirs. */
const helpers =
  /^(?:open-vm-tools|vmware-tools|virtualbox-(?:guest|kmp)|qemu-guest-agent$|qemu-ga$|xe-guest-utilities|spice-vdagent)/;
/** Drivers of disks, cards and memory of other hypervisors. */
const drivers = /^(?:virtio(?:_\w+)?|vmw_\w+|vmxnet3?|xen_\w+)$/;

function packagesOf(facts: Facts): Finding[] {
  const { packages, distro } = facts.os;
  const found = packages.is === 'there' ? Object.keys(packages.value).filter((name) => helpers.test(name)) : [];
  const habits = distroOf(distro.family)?.packages;
  const remove = habits && packageManagers[habits.manager(facts.os)].byHand.remove;
  return found.sort().map((name) => ({
    about: name,
    says: `${name} belongs to another hypervisor`,
    evidence: [],
    wants: [],
    advice: `${remove ?? "with the guest's package manager, remove"} ${name}, unless the image is also to run there`,
  }));
}

/** Lines of the files that fit, in those texts that were read. */
function linesOf(facts: Facts, which: RegExp, fits: (line: string) => boolean): Evidence[] {
  const paths = (Object.keys(facts.texts) as GuestPath[]).filter((path) => which.test(path)).sort();
  return paths.flatMap((path) =>
    splitLines(facts.texts[path] ?? '').flatMap(({ text }, at) =>
      fits(text) ? [{ path, line: at + 1, text: text.trim().slice(0, 400) }] : [],
    ),
  );
}

const moduleFiles = /^\/etc\/(?:modules$|modules-load\.d\/)/;
const screenFiles = /^\/etc\/X11\/xorg\.conf(?:$|\.d\/)/;

function loaded(facts: Facts): Finding[] {
  const named = linesOf(facts, moduleFiles, (line) =>
    drivers.test((line.trim().split(/\s/)[0] ?? '').replaceAll('-', '_')),
  );
  return named.map((at) => ({
    about: at.text ?? at.path,
    says: `${at.path} loads ${at.text}, a driver of another hypervisor`,
    evidence: [at],
    wants: [],
    advice: `take the line out of ${at.path}, unless the image is also to run there`,
  }));
}

/** The drivers that the initrd's lasting configuration forces in by name. */
function forced({ initrdTool: tool }: Facts): readonly string[] {
  if ('forceDrivers' in tool) return tool.forceDrivers;
  if (!('modules' in tool)) return [];
  return tool.modules.map((one) => (typeof one === 'string' ? one : one.name));
}

function inInitrd(facts: Facts): Finding[] {
  const names = forced(facts).filter((name) => drivers.test(name));
  if (names.length === 0) return [];
  return [
    {
      about: 'initrd',
      says: `the initrd's configuration forces in drivers of another hypervisor: ${names.join(', ')}`,
      evidence: initrdSettings(facts.initrdTool),
      wants: [],
      advice: 'take them out of the configuration, unless the image is also to run there',
    },
  ];
}

function screen(facts: Facts): Finding[] {
  return linesOf(facts, screenFiles, (line) => /^\s*Driver\s+"(?:vmware|vboxvideo|qxl)"/i.test(line)).map((at) => ({
    about: at.path,
    says: `${at.path} asks for a screen that Hyper-V does not have (${at.text})`,
    evidence: [at],
    wants: [],
    advice: `remove ${at.path}: without it the X server finds a driver by itself`,
  }));
}

function look(facts: Facts): Looked {
  const { packages } = facts.os;
  const doubts = [
    ...(packages.is === 'unreadable' ? [{ about: 'packages', why: packages.why }] : []),
    ...unread(facts, moduleFiles),
    ...unread(facts, screenFiles),
  ];
  const findings = [...packagesOf(facts), ...loaded(facts), ...inInitrd(facts), ...screen(facts)];
  return judge(findings, doubts, 'nothing of another hypervisor was found');
}

export const hypervisorLeftovers: Check = {
  id: 'hypervisor-leftovers',
  area: 'system',
  title: 'Nothing of another hypervisor is left',
  severity: 'info',
  why: 'Guest tools and drivers of VMware, VirtualBox, KVM or Xen do nothing on Hyper-V, and their services may complain or wait.',
  source: ['VMware, VirtualBox, QEMU, XenServer and SPICE: the names of their guest packages'],
  fix: { all: 'by hand: remove the packages and lines, unless the image is also to run there' },
  look,
};
