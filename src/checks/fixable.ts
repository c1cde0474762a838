import { distroOf } from '../families/distro/index.ts';
import { initrdBuild, whyNotAdded } from '../families/initrd/index.ts';
import { packageManagers } from '../families/package-manager/index.ts';
import { splitLines } from '../formats/lines.ts';
import type { Change, Evidence, Facts, Finding, GuestPath, UnitState } from '../model.ts';

/** Whether this program edits this guest at all; the others are inspected, and a person does what findings advise. */
export function canFix(facts: Facts): boolean {
  return distroOf(facts.os.distro.family) !== undefined && facts.os.imageBased === undefined;
}

/** Asks the next start to label every file anew. */
export const relabelFile: GuestPath = '/.autorelabel';

/** What is written beside a mounted root has no label, or one of this machine's policy: all files are to be labelled anew. */
export function needsRelabel({ where, system: { selinux } }: Pick<Facts, 'where' | 'system'>): boolean {
  return where === 'offline' && selinux.at !== undefined && selinux.mode !== 'disabled' && !selinux.relabels;
}

/** Where a path really ends: edits are made there, so wants name it. */
export function realPath(facts: Facts, path: GuestPath): GuestPath {
  return facts.links[path] ?? path;
}

/** The text of a file that was read, by its own path or by where it really ends. */
export function textOf(facts: Facts, path: GuestPath): string | undefined {
  return facts.texts[path] ?? facts.texts[realPath(facts, path)];
}

/** A want that switches off the line of an evidence; the line is quoted in full from the file, as evidence shortens it. */
export function lineOff(facts: Facts, at: Evidence): Change | undefined {
  if (at.line === undefined) return undefined;
  const text = splitLines(textOf(facts, at.path) ?? '')[at.line - 1]?.text;
  return text === undefined ? undefined : { kind: 'line-off', path: realPath(facts, at.path), line: at.line, text };
}

/**
 * The mending half of a finding: the wanted changes where all of them can be made on this guest, else what a person does.
 * The one place that knows what is out of reach, so that no check asks for something that would block the whole plan.
 */
export function remedy(
  facts: Facts,
  wants: readonly Change[],
  byHand: string,
): Pick<Finding, 'wants'> & Pick<Finding, 'advice'> {
  const reachable = wants.length > 0 && canFix(facts) && wants.every((want) => canMake(facts, want));
  return reachable ? { wants } : { wants: [], advice: byHand };
}

function canMake(facts: Facts, want: Change): boolean {
  switch (want.kind) {
    case 'kernel-args':
    case 'kernel-args-agree':
      return facts.boot.kind !== 'unknown' && facts.boot.nextArgs !== undefined && facts.boot.fixed === undefined;
    case 'initrd-drivers':
      return canBuild(facts, want.kernel) && whyNotAdded(want.have, facts) === undefined;
    case 'initrd-config':
      return whyNotAdded(want.have, facts) === undefined;
    case 'initrd-fresh':
      return canBuild(facts, want.kernel);
    case 'unit':
      return isReachable(unitNamed(facts, want.name), want.state, facts);
    case 'setting':
    case 'line':
    case 'line-off':
    case 'list-items':
    case 'file':
      return facts.unreadable[want.path] === undefined;
    case 'modules-dep':
    case 'password-locked':
    case 'sudoers-valid':
      return true;
    case 'swap-off':
      return facts.where === 'live';
    // Installing is the user's decision; without it, and for removing, the exact command is given instead.
    case 'package':
      return want.is === 'installed' && isObtainable(facts, want.name);
  }
}

/** Whether the initrd of a kernel can be made: the tool is known, there are modules to put in, and a place to put it. */
export function canBuild(facts: Facts, version: string): boolean {
  if (typeof initrdBuild(version, facts) === 'string') return false;
  const kernel = facts.kernels.find((one) => one.version === version);
  return kernel?.modulesDir !== undefined && facts.initrds.some((initrd) => initrd.kernel === version);
}

/** A unit among those that the facts know, by its full name. */
export function unitNamed(facts: Facts, name: string): UnitState | undefined {
  const { agent, ssh, network } = facts;
  const all = [agent.waagent.unit, ...agent.cloudInit.units, ssh.unit, ...Object.values(network.services)];
  return all.find((unit) => unit.name === name);
}

/** Whether links alone switch the unit so; without systemd there are no masks. */
function isReachable(unit: UnitState | undefined, state: 'enabled' | 'disabled' | 'masked', facts: Facts): boolean {
  if (state === 'masked') return unit !== undefined && facts.os.init === 'systemd';
  return (state === 'enabled' ? unit?.toEnable : unit?.toDisable) !== undefined;
}

/** Whether the guest's package manager is one of which a rollback can take an installation back. */
export function canInstall({ os }: Pick<Facts, 'os'>): boolean {
  const manager = distroOf(os.distro.family)?.packages.manager(os);
  return manager !== undefined && packageManagers[manager].installer !== undefined;
}

/** Whether the user has said where that package may come from. */
function isObtainable(facts: Facts, name: string): boolean {
  const { obtainable = [] } = facts;
  return canInstall(facts) && (obtainable === 'any' || obtainable.includes(name));
}
