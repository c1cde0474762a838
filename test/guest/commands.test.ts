import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { RunLimits } from '../../src/guest/guest.ts';
import { cleanEnvironment } from '../../src/guest/host-programs.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { inPrivateMounts } from './in-private-mounts.ts';
import { makeFolder, makeRunnableRoot } from './temporary-root.ts';

const sh = '/usr/bin/sh';
const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8');

/** Processes of this machine whose root is `root`. */
function processesIn(root: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/root`) === root;
    } catch {
      return false; // ended meanwhile, or a kernel thread
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) throw new Error('waited in vain');
    await sleep(10);
  }
}

function makeGuest(where: 'live' | 'offline') {
  const root = where === 'live' ? '/' : makeRunnableRoot();
  const guest = createRootedGuest(root, where);
  const script = (text: string, limits: Partial<RunLimits> = {}) =>
    guest.run([sh, '-c', text], { seconds: 20, ...limits });
  return { root, guest, script };
}

describe.each(['live', 'offline'] as const)('a program, %s', (where) => {
  test('gets its arguments as they are, and gives output and exit code', async () => {
    const { guest } = makeGuest(where);
    const argv = [
      sh,
      '-c',
      'printf "%s|" "$@"; echo wrong >&2; exit 3',
      'sh',
      'a b',
      '$(id)',
      '',
      "';",
      '*',
      'n\nl',
      '--',
    ] as const;
    const result = await guest.run(argv, { seconds: 20 });
    expect(result).toMatchObject({ code: 3, signal: undefined, timedOut: false, cut: false });
    expect(result.stdout).toBe("a b|$(id)||';|*|n\nl|--|");
    expect(result.stderr).toBe('wrong\n');
  });

  test('gets a clean environment, a closed input, a plain umask and the root as its folder', async () => {
    const { guest, script } = makeGuest(where);
    process.env.LD_BIND_NOW = '1';
    const mask = process.umask(0o077);
    try {
      const { stdout } = await guest.run(['/usr/bin/env'], { seconds: 20, env: { MORE: 'a=b c' } });
      expect(stdout.trim().split('\n').sort()).toEqual([
        'HOME=/root',
        'LC_ALL=C',
        'MORE=a=b c',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'TERM=dumb',
      ]);
      expect((await script('cat; pwd; umask')).stdout).toBe('/\n0022\n');
      expect(process.umask()).toBe(0o077); // ours is as it was
    } finally {
      process.umask(mask);
      delete process.env.LD_BIND_NOW;
    }
  });

  test('may write to /dev/stdout and /dev/stderr, as packages’ scripts do', async () => {
    const { script } = makeGuest(where);
    expect(await script('echo one >/dev/stdout; echo two >/dev/stderr')).toMatchObject({
      stdout: 'one\n',
      stderr: 'two\n',
    });
  });

  test('gives bytes, takes bytes where they are UTF-8', async () => {
    const { guest, script } = makeGuest(where);
    expect((await script("printf '\\377\\303\\244'")).stdout).toBe('\xff\xc3\xa4');
    const echo = [sh, '-c', 'printf %s "$1"', 'sh'] as const;
    expect((await guest.run([...echo, '\xc3\xa4'], { seconds: 20 })).stdout).toBe('\xc3\xa4');
    await expect(guest.run([...echo, '\xff'], { seconds: 20 })).rejects.toMatchObject({ code: 'EILSEQ' });
  });

  test('that says too much is cut, and says so', async () => {
    const { script } = makeGuest(where);
    const result = await script('echo 12345; echo 6789; echo x >&2', { keep: 8 });
    expect(result).toMatchObject({ code: 0, stdout: '12345\n67', stderr: 'x\n', cut: true });
    const much = await script(
      'i=0; while [ $i -lt 2000 ]; do echo "$i ................................................"; i=$((i+1)); done',
    );
    expect(much.stdout.split('\n')).toHaveLength(2001);
    expect(much.cut).toBe(false);
  });

  test('tells its progress', async () => {
    const { script } = makeGuest(where);
    const heard: string[] = [];
    await script('printf " first\\n50%%\\r\\n\\n"; sleep 0.1; printf "last, without end"', {
      progress: (says) => heard.push(says),
    });
    expect(heard).toContain('50%');
  });

  test('is asked to end at its time limit', async () => {
    const { script } = makeGuest(where);
    const result = await script('trap "echo asked; exit 0" TERM; sleep 1000 & wait', { seconds: 0.5 });
    expect(result).toMatchObject({ code: undefined, signal: 'SIGTERM', timedOut: true, stdout: 'asked\n' });
  });

  test('is killed with all it has started when it does not listen', async () => {
    const { script } = makeGuest(where);
    const deaf = 'trap "" TERM; sleep 1717 & echo $!; while :; do sleep 1; done';
    const result = await script(deaf, { seconds: 0.5 });
    expect(result).toMatchObject({ code: undefined, signal: 'SIGKILL', timedOut: true });
    const sleeping = () => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes('sleep 1717');
    await until(() => !sleeping());
  });

  test('ends when the run is called off', async () => {
    const { script } = makeGuest(where);
    const stop = new AbortController();
    const result = await script('echo here; sleep 1000', { signal: stop.signal, progress: () => stop.abort() });
    expect(result).toMatchObject({ code: undefined, signal: 'SIGTERM', timedOut: false, stdout: 'here\n' });
    await expect(script('true', { signal: stop.signal })).rejects.toThrow(/abort/i);
  });

  test('leaves no time limit behind that would keep this process from ending', async () => {
    const { script } = makeGuest(where);
    const [set, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    onTestFinished(() => void vi.restoreAllMocks());
    const stop = new AbortController();
    const seconds = 1800;
    await script('echo here; sleep 1000', { seconds, signal: stop.signal, progress: () => stop.abort() });
    await script('true', { seconds });
    const limits = set.mock.results.filter((_, call) => set.mock.calls[call]?.[1] === seconds * 1000);
    expect(limits).toHaveLength(2);
    for (const { value } of limits) expect(cleared).toHaveBeenCalledWith(value);
  });

  test('may leave a daemon that holds its output, and is not waited for', async () => {
    const { script } = makeGuest(where);
    const result = await script('setsid sleep 1000 & echo $!');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    if (where === 'live') process.kill(Number(result.stdout), 'SIGKILL');
  });

  test('that is not there is an error, not a result', async () => {
    const { guest } = makeGuest(where);
    const run = (program: `/${string}`) => guest.run([program], { seconds: 20 });
    await expect(run('/usr/sbin/no-such')).rejects.toMatchObject({
      name: 'GuestError',
      code: 'ENOENT',
      path: '/usr/sbin/no-such',
    });
    await expect(run('/etc')).rejects.toMatchObject({
      code: 'EACCES',
      message: expect.stringContaining('not a program'),
    });
  });
});

test('a packed program leaves no mark in the environment of what it starts', () => {
  const env = cleanEnvironment();
  // As pkg does it, in front of every spawn.
  if (env.PKG_EXECPATH === undefined) env.PKG_EXECPATH = process.execPath;
  expect(execFileSync('/usr/bin/env', { env, encoding: 'utf8' })).not.toContain('PKG');
});

test('a folder that is not this machine is never run as if it were', async () => {
  const guest = createRootedGuest(makeRunnableRoot(), 'live');
  await expect(guest.run([sh, '-c', 'echo'], { seconds: 20 })).rejects.toMatchObject({ code: 'EINVAL' });
});

describe('offline, this machine is out of reach', () => {
  test('its host name, mounts and processes', async () => {
    const { script, root } = makeGuest('offline');
    const [before, name] = [mounts(), hostname()];
    const result = await script(
      'hostname leaked && hostname; mount -t tmpfs tmpfs /tmp && echo mounted; ls -d /proc/[0-9]*; cat /proc/1/cmdline',
    );
    expect(result.stdout).toMatch(/^leaked\nmounted\n/);
    expect(result.stdout).toContain('prep-guest'); // process 1 is our own shell
    expect(result.stdout).not.toContain(`/proc/${process.pid}\n`);
    expect(result.stdout.match(/\/proc\/\d+/g)?.length).toBeLessThan(6);
    expect(hostname()).toBe(name);
    expect(mounts()).toBe(before);
    expect(processesIn(root)).toEqual([]);
  });

  test('its /dev: only what every program needs', async () => {
    const { script, root } = makeGuest('offline');
    const { stdout } = await script('cd /dev; ls -A; ls -A pts shm; stat -c "%n %a %F" null tty shm');
    expect(stdout.trim().split('\n')).toEqual([
      ...['fd', 'full', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'],
      ...['pts:', 'ptmx', '', 'shm:'],
      ...['null 666 character special file', 'tty 666 character special file', 'shm 1777 directory'],
    ]);
    expect((await script('echo x >/dev/null; touch /dev/made /run/made /dev/shm/made')).code).toBe(0);
    for (const folder of ['dev', 'run', 'proc', 'sys']) expect(readdirSync(join(root, folder))).toEqual([]);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(existsSync('/dev/made')).toBe(false);
  });

  test('its network: none, or a card that leads nowhere where a program waits for one', async () => {
    const { script } = makeGuest('offline');
    const cards = 'while read -r name rest; do echo "$name"; done < /proc/net/dev; cat /proc/net/route';
    expect((await script(cards)).stdout).not.toContain('eth0');
    const { stdout } = await script(cards, { card: true });
    expect(stdout).toContain('eth0:');
    // 192.0.2.0, bytes in the order of the machine.
    expect(stdout).toMatch(/^eth0\t000200C0\t00000000/m);
  });

  test('its network, firmware and kernel settings', async () => {
    const { script } = makeGuest('offline');
    const network = await script(
      'ls /sys/class/net; cat /sys/class/net/lo/operstate; cat /proc/net/route /proc/net/if_inet6 | cat -A | grep -c eth',
    );
    expect(network.stdout).toMatch(/^lo\ndown\n/);
    expect(await script('ls -A /sys/firmware')).toMatchObject({ code: 0, stdout: '' });
    const panic = readFileSync('/proc/sys/kernel/panic', 'utf8');
    const files = [
      '/proc/sys/kernel/panic',
      '/proc/irq/default_smp_affinity',
      '/sys/kernel/mm/ksm/run',
      '/sys/firmware/made',
    ];
    for (const file of files)
      expect(await script(`echo 1 >${file}`)).toMatchObject({ stderr: expect.stringMatching(/Read-only|nonexistent/) });
    expect(readFileSync('/proc/sys/kernel/panic', 'utf8')).toBe(panic);
  });

  test('its clock, modules and reboot: the right to them is gone', async () => {
    const { script } = makeGuest('offline');
    const { stdout } = await script('cat /proc/self/status');
    const bounding = BigInt(`0x${/CapBnd:\s*(\w+)/.exec(stdout)?.[1]}`);
    const effective = BigInt(`0x${/CapEff:\s*(\w+)/.exec(stdout)?.[1]}`);
    // Their numbers in linux/capability.h: SYS_MODULE 16, SYS_RAWIO 17, SYS_BOOT 22, SYS_TIME 25.
    for (const number of [16n, 17n, 22n, 25n]) expect((bounding | effective) & (1n << number)).toBe(0n);
    expect(effective & 1n).toBe(1n); // root otherwise: CHOWN
  });

  test('what it writes stays in the guest', async () => {
    const { script, root } = makeGuest('offline');
    await script('echo made >/etc/made; cd ../../..; echo "$PWD" >up');
    expect(readFileSync(join(root, 'etc/made'), 'utf8')).toBe('made\n');
    expect(readFileSync(join(root, 'up'), 'utf8')).toBe('/\n');
  });

  test('a root whose name is not plain', async () => {
    const root = join(makeFolder(), 'we ird\n\u00fc $(touch x) \'"');
    execFileSync('mv', [makeRunnableRoot(), root]);
    const result = await createRootedGuest(root, 'offline').run(['/usr/bin/ls', '/'], { seconds: 20 });
    expect(result).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^dev\netc\n/) });
  });

  test('nothing is left when the one who runs it is killed', async () => {
    const { root } = makeGuest('offline');
    const before = mounts();
    const temporary = readdirSync(tmpdir()).filter((name) => /^prep-guest-\w{6}$/.test(name));
    const code = `
      import { createRootedGuest } from '${fileURLToPath(new URL('../../src/guest/rooted.ts', import.meta.url))}';
      await createRootedGuest('${root}', 'offline').run(['${sh}', '-c', 'trap "" TERM HUP; setsid sleep 1000 & echo >/tmp/started; while :; do sleep 1; done'], { seconds: 1000 });`;
    const runner = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await until(() => existsSync(join(root, 'tmp/started')) && processesIn(root).length >= 3);
    runner.kill('SIGKILL');
    await until(() => processesIn(root).length === 0);
    expect(mounts()).toBe(before);
    for (const folder of ['dev', 'run', 'proc', 'sys']) expect(readdirSync(join(root, folder))).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => /^prep-guest-\w{6}$/.test(name))).toEqual(temporary);
  });

  test('folders to mount on that are links, files or missing are refused, and none is made', async () => {
    for (const name of ['dev', 'proc', 'sys', 'run']) {
      const { script, root } = makeGuest('offline');
      const outside = makeFolder();
      rmdirSync(join(root, name));
      symlinkSync(outside, join(root, name));
      await expect(script('true')).rejects.toMatchObject({
        code: 'ENCLOSURE',
        path: `/${name}`,
        message: expect.stringContaining('link'),
      });
      rmSync(join(root, name));
      writeFileSync(join(root, name), '');
      await expect(script('true')).rejects.toMatchObject({
        code: 'ENCLOSURE',
        message: expect.stringContaining('regular file'),
      });
      rmSync(join(root, name));
      // Old systems have no /run.
      if (name === 'run') expect(await script('echo fine')).toMatchObject({ code: 0, stdout: 'fine\n' });
      else
        await expect(script('true')).rejects.toMatchObject({
          code: 'ENCLOSURE',
          message: expect.stringContaining(`no /${name}`),
        });
      expect(existsSync(join(root, name))).toBe(false);
    }
  });

  test('a program that cannot start says why', async () => {
    const { guest, root } = makeGuest('offline');
    mkdirSync(join(root, 'opt'));
    writeFileSync(join(root, 'opt/script'), '#!/usr/bin/no-such-interpreter\n');
    chmodSync(join(root, 'opt/script'), 0o755);
    const result = await guest.run(['/opt/script'], { seconds: 20 });
    expect(result).toMatchObject({ code: 127, stderr: expect.stringContaining('No such file') });
  });

  test('a guest on its own disk sees that disk, by its UUID, and no other', () => {
    const folder = makeFolder();
    execFileSync('mv', [makeRunnableRoot(), join(folder, 'runnable')]);
    const uuid = '01234567-89ab-cdef-0123-456789abcdef';
    expect(inPrivateMounts('own-devices', folder)).toEqual({
      found: [[`disk/by-uuid/${uuid}`]],
      none: [],
      seen: ['DEVICE', '', '/dev/disk/by-uuid:', uuid, 'DEVICE', 'block special file', 'dev'].join('\n'),
    });
  });
});
