import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, LiveFacts } from '../model.ts';

/** What only the running machine tells. Files answer first; systeminformation starts programs, so it is asked last. */
export async function readLive(files: GuestFiles): Promise<LiveFacts> {
  const [release, modules, hypervisor, memoryBytes] = await Promise.all([
    firstLine(files, '/proc/sys/kernel/osrelease'),
    files.text('/proc/modules'),
    findHypervisor(files),
    findMemory(files),
  ]);
  const lines = modules.is === 'there' ? modules.value.split('\n') : [];
  const loadedModules = lines.flatMap((line) => line.split(' ', 1)[0] || []);
  return { hypervisor, memoryBytes, runningKernel: release, loadedModules, operator: await findOperator(files) };
}

/** All ones: nobody logged in, as in a service. Absent where the kernel was built without auditing. */
const nobodyLoggedIn = 4_294_967_295;

async function findOperator(files: GuestFiles): Promise<number | undefined> {
  const uid = Number((await firstLine(files, '/proc/self/loginuid')) ?? nobodyLoggedIn);
  return Number.isInteger(uid) && uid !== nobodyLoggedIn ? uid : undefined;
}

async function firstLine(files: GuestFiles, path: GuestPath): Promise<string | undefined> {
  const text = await files.text(path);
  const line = text.is === 'there' ? text.value.split('\n', 1)[0]?.trim() : undefined;
  return line === '' ? undefined : line;
}

/** What firmware calls itself, and the hypervisor it belongs to; the names are those of systemd-detect-virt. */
const firmwares: readonly { readonly says: RegExp; readonly is: string }[] = [
  { says: /^Microsoft Corporation.*Virtual Machine/, is: 'microsoft' },
  { says: /VMware|VMW/, is: 'vmware' },
  { says: /innotek GmbH|VirtualBox/, is: 'oracle' },
  { says: /Xen/, is: 'xen' },
  { says: /Amazon EC2/, is: 'amazon' },
  { says: /Google Compute Engine/, is: 'google' },
  { says: /Parallels/, is: 'parallels' },
  { says: /BHYVE/, is: 'bhyve' },
  { says: /KVM|OpenStack|KubeVirt/, is: 'kvm' },
  { says: /QEMU/, is: 'qemu' },
];

async function findHypervisor(files: GuestFiles): Promise<string | undefined> {
  const names = ['sys_vendor', 'product_name', 'bios_vendor'];
  const told = await Promise.all(names.map((name) => firstLine(files, `/sys/class/dmi/id/${name}`)));
  const firmware = told.filter((line) => line !== undefined).join(' | ');
  const known = firmwares.find(({ says }) => says.test(firmware));
  if (known !== undefined) return known.is;
  const type = await firstLine(files, '/sys/hypervisor/type');
  if (type !== undefined) return type;
  const cpu = await files.text('/proc/cpuinfo');
  const isVirtual = cpu.is === 'there' && /^flags\s*:.*\bhypervisor\b/m.test(cpu.value);
  // Without that flag a firmware of another name is that of a real machine.
  return isVirtual ? askForHypervisor() : undefined;
}

/** Loaded only here: it costs more than a whole scan does, and nothing of a mounted root needs it. */
async function askForHypervisor(): Promise<string> {
  const { system } = await import('systeminformation');
  const { virtual, virtualHost } = await system();
  return ((virtual && virtualHost) || 'unknown').toLowerCase();
}

async function findMemory(files: GuestFiles): Promise<number | undefined> {
  const info = await files.text('/proc/meminfo');
  const kibibytes = info.is === 'there' ? /^MemTotal:\s+(\d+) kB$/m.exec(info.value)?.[1] : undefined;
  if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  const { mem } = await import('systeminformation');
  const { total } = await mem();
  return total > 0 ? total : undefined;
}
