import { bakedRoot } from '../formats/baked-root.ts';
import type { InitrdContent } from '../model.ts';

const mebibyte = 1024 * 1024;

/** What a new initrd has to show before it may take the place of the old one. */
export interface InitrdDemand {
  readonly kernel: string;
  /** Normalised names; each must be seen as a module of that kernel, or be built into it. */
  readonly must: readonly string[];
  /** Normalised names in the kernel's modules.builtin. */
  readonly builtin: readonly string[];
  /** Of the image that would be replaced; undefined where there is none. */
  readonly oldBytes: number | undefined;
}

/**
 * The least that can be a whole initrd. A /boot that filled up leaves a stump, and the tool's exit code may still be 0
 * (oamg/convert2rhel#721). A quarter of the old one is far below what losing host-only firmware could save; 1 MiB is far
 * below any image that a distribution's tool makes, unless the old one was smaller itself.
 */
function leastBytes(oldBytes: number | undefined): number {
  const quarter = (oldBytes ?? 0) / 4;
  return oldBytes !== undefined && oldBytes < mebibyte ? quarter : Math.max(mebibyte, quarter);
}

/** Why an image that our own reader has read is not good enough; undefined when it is. */
export function findInitrdFault(content: InitrdContent, demand: InitrdDemand): string | undefined {
  if (content.is === 'unknown') return `it cannot be read at offset ${content.offset}: ${content.why}`;
  const least = leastBytes(demand.oldBytes);
  if (content.bytes < least) {
    const old = demand.oldBytes === undefined ? '' : `, the old one ${demand.oldBytes}`;
    return `it is too short to be whole: ${content.bytes} bytes${old}`;
  }
  if (content.archives.at(-1)?.trailer !== true) return 'its last archive has no end: it was cut short';
  const baked = bakedRoot(content.texts);
  if (baked !== undefined)
    return `it would mount ${baked.device} (${baked.path}), a device of the machine of the build`;
  const seen = new Set(
    content.modules.filter((module) => module.kernel === demand.kernel).map((module) => module.name),
  );
  const builtin = new Set([...demand.builtin, ...content.builtin]);
  const missing = demand.must.filter((name) => !seen.has(name) && !builtin.has(name));
  if (missing.length === 0) return undefined;
  const hidden = content.hidden === undefined ? '' : ` (it holds ${content.hidden}, which may hide them)`;
  const others = content.kernels.filter((kernel) => kernel !== demand.kernel);
  const other = seen.size === 0 && others.length > 0 ? `; it holds modules of ${others.join(', ')}` : '';
  return `it lacks ${missing.join(', ')} for ${demand.kernel}${hidden}${other}`;
}
