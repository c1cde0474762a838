import { bootEntries } from '../facts/boot.ts';
import type { Change, Facts, Initrd, InitrdContent, InitrdTool, Kernel } from '../model.ts';
import { bootDrivers, bootKernels, driverAt } from './drivers.ts';
import { canBuild } from './fixable.ts';

/** The initrd of a kernel, as far as one is known. */
export function initrdOf(facts: Facts, kernel: Kernel): Initrd | undefined {
  return facts.initrds.find((initrd) => initrd.kernel === kernel.version);
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

/** Whether the tool puts every disk and bus driver into each image, whatever the machine of the build has. */
export function isGeneric(tool: InitrdTool): boolean {
  return tool.kind === 'initramfs-tools' && tool.mode === 'most';
}

/** The drivers that the tool's configuration asks for by name. */
export function namedDrivers(tool: InitrdTool): readonly string[] {
  if (tool.kind === 'initramfs-tools') return tool.modules.map((module) => module.name);
  return tool.kind === 'dracut' ? [...tool.addDrivers, ...tool.forceDrivers, ...(tool.drivers ?? [])] : [];
}

/**
 * The want that the lasting configuration should name what was missing (without what that needs, which every tool finds
 * itself), and always the three of Microsoft's recipes. None where it does, or where the tool brings everything anyway. A driver
 * that no kernel here has as a module is not named.
 */
export function configWants(facts: Facts, missing: readonly string[] = []): Change[] {
  const { initrdTool: tool } = facts;
  if (isGeneric(tool)) return [];
  // MODULES=dep is turned into `most` along with it, which brings the others; what is named is loaded at every boot.
  const comes = tool.kind === 'initramfs-tools' && tool.mode === 'dep';
  const wanted = [...new Set<string>([...bootDrivers, ...(comes ? [] : missing)])];
  const have = wanted.filter((driver) => facts.kernels.some((kernel) => driverAt(kernel, driver) === 'module'));
  const named = namedDrivers(tool);
  const omitted = tool.kind === 'dracut' ? tool.omitDrivers.map((omit) => omit.name) : [];
  return !comes && have.every((driver) => named.includes(driver) && !omitted.includes(driver))
    ? []
    : [{ kind: 'initrd-config', have }];
}

/** Every initrd that counts made anew: for what is copied into them. */
export function freshInitrds(facts: Facts): Change[] {
  return bootKernels(facts)
    .filter((kernel) => {
      const initrd = initrdOf(facts, kernel);
      return initrd !== undefined && initrd.content.is !== 'absent' && canBuild(facts, kernel.version);
    })
    .map(({ version }): Change => ({ kind: 'initrd-fresh', kernel: version }));
}
