import type { InitrdModule } from '../model.ts';
import { type CpioArchive, type CpioEntry, type CpioListener, fileType } from './cpio.ts';
import { isModuleFile, moduleName, parseModulesBuiltin } from './modules-dep.ts';
import { emptyRecord } from './record.ts';

/** What is picked up from the entries of an initrd's archives while they pass by. */

/** An initrd has some thousand entries; the cap keeps a hostile one from taking minutes. */
const mostEntries = 1 << 20;
const mostArchives = 4096;
/** For all names and texts that are kept; bytes, roughly. Four thousand modules take about one MiB. */
const mostKept = 16 << 20;
const keptPerName = 200;
const largestText = 64 << 10;
const mostTexts = 1 << 20;
const largestBuiltin = 1 << 20;
const longestTarget = 4096;

const underModules = /^(?:usr\/)?lib\/modules\/([^/]+)(?:\/(.+))?$/;
/** Small configuration that decides what the initrd will do. Longer files of these names are left out. */
const textFile = new RegExp(
  `^(?:${[
    'conf/modules',
    'conf/conf\\.d/[^/]+',
    'etc/cmdline',
    'etc/cmdline\\.d/[^/]+',
    'etc/modules-load\\.d/[^/]+',
    '(?:etc|lib|usr/lib)/modprobe\\.d/[^/]+',
    '(?:usr/)?lib/dracut/build-parameter\\.txt',
  ].join('|')})$`,
);
/** dracut's squash and erofs modules put nearly everything into one file system image. */
const hiddenRoot = /^(?:(?:squash|squashfs|erofs)-root\.img|squash\/root\.img)$/;
/** What an early archive, which the kernel reads before it unpacks anything, is made for. */
const earlyFile = /^(?:kernel\/(?:x86\/microcode|firmware\/acpi)\/|early_cpio$)/;
const earlyFolder = /^(?:\.|kernel(?:\/(?:x86(?:\/microcode)?|firmware(?:\/acpi)?))?)$/;
/** In an archive whose names are sorted, as the usual generators sort them, no module comes behind this. */
const behindModules = 'usr/lib/modules0';

/** A path without leading `/` or `./`, and without what makes two spellings of one path. */
export function cleanPath(path: string): string {
  const odd = path.startsWith('/') || path.startsWith('./') || path.startsWith('..') || path.endsWith('/');
  if (!odd && !path.includes('//') && !path.includes('/.')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/') || '.';
}

/** Names of one file in an archive, until its end shows which of them had the body. */
interface Links {
  bytes: number;
  body: Buffer | undefined;
  readonly paths: string[];
}

export class InitrdContents implements CpioListener {
  /** Why this is more than we take on. */
  refusal: string | undefined;
  /** A quick read need not see the rest of this archive. */
  enough = false;
  hidden: string | undefined;
  readonly kernels = new Set<string>();
  readonly builtin = new Set<string>();
  readonly texts = emptyRecord<string>();
  /** Archives that have ended and were not taken yet. */
  private ended: (CpioArchive & { readonly early: boolean })[] = [];

  private readonly modules = new Map<string, InitrdModule>();
  /** Modules that are symbolic links: path to target. */
  private readonly targets = new Map<string, string>();
  private links = new Map<string, Links>();
  private early = true;
  private entries = 0;
  private archives = 0;
  private kept = 0;
  private textBytes = 0;
  private readonly quick: boolean;
  private sorted = true;
  private last = '';

  constructor(quick: boolean) {
    this.quick = quick;
  }

  entry(entry: CpioEntry): boolean {
    if (++this.entries > mostEntries) this.refusal ??= `more than ${mostEntries} entries`;
    const path = cleanPath(entry.name);
    const type = entry.mode & fileType.mask;
    if (this.early) this.early = (type === fileType.folder ? earlyFolder : earlyFile).test(path);
    if (this.quick) this.noteOrder(path);
    const [, kernel, below] = kernelOf(path) ?? [];
    if (kernel !== undefined && (below !== undefined || type === fileType.folder)) this.keepKernel(kernel);
    const isModule = kernel !== undefined && below !== undefined && isModuleFile(below);
    if (type === fileType.link) return isModule && entry.bytes <= longestTarget;
    if (type !== fileType.file) return false;
    if (path.endsWith('.img') && hiddenRoot.test(path)) this.hidden ??= path;
    if (isModule) this.keepModule(path, kernel, entry.bytes);
    const wantsBody = !isModule && this.wants(path, entry.bytes);
    return entry.links > 1 ? this.noteLink(path, entry, isModule || wantsBody) : wantsBody;
  }

  body(entry: CpioEntry, body: Buffer): void {
    const path = cleanPath(entry.name);
    if ((entry.mode & fileType.mask) === fileType.link) {
      if (this.pay(path.length + body.length)) this.targets.set(path, body.toString('latin1'));
      this.modules.delete(path);
      return;
    }
    const links = this.links.get(entry.file);
    if (links) links.body = body;
    this.keepText(path, body);
  }

  archive(archive: CpioArchive): void {
    if (++this.archives > mostArchives) this.refusal ??= `more than ${mostArchives} archives`;
    for (const { bytes, body, paths } of this.links.values()) {
      for (const path of paths) {
        const module = this.modules.get(path);
        if (module) this.modules.set(path, { ...module, bytes });
        if (body) this.keepText(path, body);
      }
    }
    this.links = new Map();
    this.ended.push({ ...archive, early: this.early && archive.entries > 0 });
    this.early = this.sorted = true;
    this.last = '';
  }

  /** The archives that have ended since the last call. */
  takeArchives(): readonly (CpioArchive & { readonly early: boolean })[] {
    const ended = this.ended;
    this.ended = [];
    return ended;
  }

  /** All modules, those that are links with the size of what they lead to; links that lead nowhere are left out. */
  allModules(): readonly InitrdModule[] {
    const plain = new Map([...this.modules].map(([path, module]) => [withoutUsr(path), module]));
    const links = new Map([...this.targets].map(([path, target]) => [withoutUsr(path), resolveTarget(path, target)]));
    const all = [...this.modules.values()];
    for (const path of this.targets.keys()) {
      let at: string | undefined = withoutUsr(path);
      for (let left = 8; left > 0 && at !== undefined && !plain.has(at); left--) at = links.get(at);
      const found = at === undefined ? undefined : plain.get(at);
      if (found) all.push(makeModule(path, kernelOf(path)?.[1] ?? '', found.bytes));
    }
    return all;
  }

  /** Counts what is kept; false, and a refusal, where it becomes too much. */
  private pay(bytes: number): boolean {
    this.kept += bytes + keptPerName;
    if (this.kept > mostKept) this.refusal ??= 'names and texts beyond all measure';
    return this.kept <= mostKept;
  }

  private noteOrder(path: string): void {
    if (path < this.last) this.sorted = false;
    this.last = path;
    if (this.sorted && path > behindModules && this.modules.size > 0) this.enough = true;
  }

  private keepKernel(kernel: string): void {
    if (!this.kernels.has(kernel) && this.pay(kernel.length)) this.kernels.add(kernel);
  }

  private keepModule(path: string, kernel: string, bytes: number): void {
    this.targets.delete(path);
    if (this.modules.has(path) || this.pay(path.length)) this.modules.set(path, makeModule(path, kernel, bytes));
  }

  private wants(path: string, bytes: number): boolean {
    if (isBuiltinList(path)) {
      if (bytes > largestBuiltin) this.refusal ??= `a modules.builtin of ${bytes} bytes`;
      return bytes <= largestBuiltin;
    }
    return textFile.test(path) && bytes <= largestText;
  }

  /** Remembers a hard link that matters, or whose other names do; true where the body is wanted for one of them. */
  private noteLink(path: string, { file, bytes }: CpioEntry, matters: boolean): boolean {
    let links = this.links.get(file);
    if (!links && matters && this.pay(file.length)) {
      links = { bytes: 0, body: undefined, paths: [] };
      this.links.set(file, links);
    }
    if (!links) return false;
    links.bytes = Math.max(links.bytes, bytes);
    if (matters && this.pay(path.length)) links.paths.push(path);
    return bytes > 0 && links.paths.some((one) => this.wants(one, bytes));
  }

  private keepText(path: string, body: Buffer): void {
    if (isBuiltinList(path)) {
      for (const name of parseModulesBuiltin(body.toString('latin1'))) {
        if (!this.builtin.has(name) && this.pay(name.length)) this.builtin.add(name);
      }
    }
    if (!textFile.test(path)) return;
    this.textBytes += body.length;
    if (this.textBytes > mostTexts) this.refusal ??= 'configuration files beyond all measure';
    else this.texts[path] = body.toString('latin1');
  }
}

/** The kernel version that a path below lib/modules belongs to, and what comes below that. */
function kernelOf(path: string): RegExpExecArray | null {
  return path.startsWith('lib/modules/') || path.startsWith('usr/lib/modules/') ? underModules.exec(path) : null;
}

function isBuiltinList(path: string): boolean {
  return path.endsWith('/modules.builtin') && kernelOf(path)?.[2] === 'modules.builtin';
}

function makeModule(path: string, kernel: string, bytes: number): InitrdModule {
  return { name: moduleName(path), path, kernel, bytes };
}

/** `lib` is a link to `usr/lib` in most images: both spellings are one place. */
function withoutUsr(path: string): string {
  return path.replace(/^usr\//, '');
}

function resolveTarget(link: string, target: string): string {
  const from = target.startsWith('/') ? '' : link.slice(0, link.lastIndexOf('/') + 1);
  return withoutUsr(cleanPath(from + target));
}
