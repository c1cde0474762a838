import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

export interface HostState {
  readonly hostname: string;
  readonly hostnameFile: string;
  readonly mounts: readonly string[];
  readonly devices: readonly string[];
  readonly resolver: string;
}

/**
 * What of the preparing machine must be the same after work on a guest. Loop devices and pseudo-terminals come and go
 * with other programs, so they do not count.
 */
export async function hostState(): Promise<HostState> {
  const read = (file: string) => readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => String(error.code));
  return {
    hostname: hostname(),
    hostnameFile: await read('/etc/hostname'),
    mounts: (await readFile('/proc/self/mountinfo', 'utf8')).trim().split('\n'),
    devices: (await readdir('/dev', { recursive: true })).filter((name) => !/^(?:loop|pts\/|shm\/)/.test(name)).sort(),
    resolver: await read('/etc/resolv.conf'),
  };
}
