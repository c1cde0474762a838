import { bootEntries } from '../facts/boot.ts';
import { asksFor, becomesGeneric, genericBecause, omittedDrivers } from '../families/initrd/index.ts';
import type { Change, Facts, GuestPath, Initrd, InitrdContent, Kernel } from '../model.ts';
import { bootDrivers, bootKernels, driverAt } from './drivers.ts';
import { canBuild } from './fixable.ts';

/** The initrds of a kernel, as far as they are known; the first is that of the deciding entry. */
export function initrdsOf(facts: Facts, kernel: Pick<Kernel, 'version'>): readonly Initrd[] {
  return facts.initrds.filter((initrd) => initrd.kernel === kernel.version);
}

/** The initrd of a kernel that decides. */
export function initrdOf(facts: Facts, kernel: Pick<Kernel, 'version'>): Initrd | undefined {
  return initrdsOf(facts, kernel)[0];
}

/** What a want names an initrd by: its kernel, and its path where it is not the one that decides. */
export function named(facts: Facts, { kernel, path }: Initrd): { kernel: string; image?: GuestPath } {
  return initrdOf(facts, { version: kernel })?.path === path ? { kernel } : { kernel, image: path };
}

/** An image that somebody has put aside (the article's NAME.bak): left as it is, also where an entry offers it. */
export function isKept({ path }: Initrd): boolean {
  return /\.(?:bak|old|orig|save|rpmsave|dpkg-bak)$|~$/.test(path);
}

/** Normal boot entries that start this kernel. */
export function entriesOf(facts: Facts, kernel: Kernel) {
  return bootEntries(facts.boot).filter(
    (entry) => !entry.recovery && (entry.version === kernel.version || entry.kernelPath === kernel.image),
  );
}

type Content = Extract<InitrdContent, { is: 'read' }>;

/** Whether an initrd gives this kernel a driver, as a module for the very version or as a built-in. */
export function holds(content: Content, kernel: Kernel, driver: string): boolean {
  if (content.builtin.includes(driver)) return true;
  return content.modules.some((module) => module.name === driver && module.kernel === kernel.version);
}

/** A driver with everything that must be loaded before it, each once. */
export function withNeeds(kernel: Kernel, drivers: readonly string[]): string[] {
  return [...new Set(drivers.flatMap((driver) => [driver, ...(kernel.dependsOn[driver] ?? [])]))];
}

/** What should be loaded before these drivers and is there: without it they work, with less. */
export function softNeeds(kernel: Kernel, drivers: readonly string[]): string[] {
  const wanted = withNeeds(kernel, drivers).flatMap((driver) => kernel.softDependsOn?.[driver] ?? []);
  return [...new Set(wanted)].filter((driver) => driverAt(kernel, driver) === 'module');
}

/** Whether the lasting configuration names this driver for each kernel that has it as a module. */
export function isAskedFor(facts: Facts, driver: string): boolean {
  const having = bootKernels(facts).filter((kernel) => driverAt(kernel, driver) === 'module');
  return having.every((kernel) => asksFor(driver, kernel, facts.initrdTool));
}

/** Those of the drivers that a kernel here has as a module and that no lasting setting asks for. */
export function unasked(facts: Facts, drivers: readonly string[]): string[] {
  return genericBecause(facts.initrdTool) === undefined ? drivers.filter((driver) => !isAskedFor(facts, driver)) : [];
}

/**
 * The want that the lasting configuration should name what was missing (without what that needs, which every tool finds
 * itself), and always the three of Microsoft's recipes. None where it does. `beside` are those that are named even where the tool
 * brings nearly everything: its own list may leave them out (MODULES=most of initramfs-tools 0.140 has no
 * hyperv_keyboard). A driver that no kernel here has as a module is not named.
 */
export function configWants(facts: Facts, missing: readonly string[] = [], beside: readonly string[] = []): Change[] {
  const { initrdTool: tool } = facts;
  // What is named is loaded at every boot: no more than needed.
  const comes = becomesGeneric(tool);
  const needed = genericBecause(tool) === undefined ? [...bootDrivers, ...(comes ? [] : missing)] : [];
  const have = [...new Set<string>([...needed, ...beside])].filter((driver) =>
    facts.kernels.some((kernel) => driverAt(kernel, driver) === 'module'),
  );
  const omitted = omittedDrivers(tool).map((omit) => omit.name);
  const isDone = have.every((driver) => isAskedFor(facts, driver) && !omitted.includes(driver));
  return isDone && !comes ? [] : [{ kind: 'initrd-config', have }];
}

/** Every initrd that counts made anew: for what is copied into them. */
export function freshInitrds(facts: Facts): Change[] {
  return bootKernels(facts)
    .filter((kernel) => canBuild(facts, kernel.version))
    .flatMap((kernel) => initrdsOf(facts, kernel))
    .filter((initrd) => initrd.content.is !== 'absent' && !isKept(initrd))
    .map((initrd): Change => ({ kind: 'initrd-fresh', ...named(facts, initrd) }));
}
