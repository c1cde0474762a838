/**
 * A small program that is packed by the same way as prep-guest, to look at the packing from inside: each word on its
 * command line asks one question, each answer is one line of JSON.
 */
import { exec, execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { mendRuntime } from '../../src/guest/runtime.ts';

const childEnv = 'process.stdout.write(JSON.stringify(process.env))';

const answers: Readonly<Record<string, () => unknown>> = {
  /** systeminformation calls it so; under pkg's own prelude it throws. */
  execWithUndefined: () =>
    new Promise((resolve, reject) => {
      exec('echo heard', undefined, (error, stdout) => (error ? reject(error) : resolve(String(stdout).trim())));
    }),
  promisedExecFile: () => promisify(execFile)('/bin/echo', ['heard']),
  childEnvironment: () => spawnSync('/usr/bin/env', ['-0'], { encoding: 'utf8' }).stdout.split('\0').filter(Boolean),
  /** The first node on the PATH, not this program. */
  childNamedNode: () => {
    const { stdout, error } = spawnSync('node', ['-e', childEnv], { encoding: 'utf8' });
    return error ? error.message : Object.keys(JSON.parse(stdout) as object).filter((name) => name.startsWith('PKG_'));
  },
  shellThatCallsNode: () => spawnSync('/bin/sh', ['-c', 'node -p 6*7'], { encoding: 'utf8' }).stdout.trim(),
  systemInformation: async () => {
    const { mem, osInfo, blockDevices } = await import('systeminformation');
    return {
      total: (await mem()).total,
      kernel: (await osInfo()).kernel,
      blockDevices: Array.isArray(await blockDevices()),
    };
  },
  winston: async () => typeof (await import('winston')).createLogger,
  cron: async () => (await import('node-cron')).validate('*/5 * * * *'),
  rootFolder: async () => ({ sync: readdirSync('/'), promised: await readdir('/') }),
  snapshotFolder: () => existsSync('/snapshot') && readFileSync('/snapshot/canary', 'utf8'),
  execPath: () => process.execPath,
  arguments: () => process.argv.slice(2),
  execArguments: () => process.execArgv,
  steering: () => Object.keys(process.env).sort(),
  node: () => process.version,
  stack: () => new Error('where').stack?.split('\n')[1]?.trim(),
};

async function main(): Promise<void> {
  mendRuntime();
  for (const question of process.argv.slice(2)) {
    const answer = answers[question];
    if (answer) process.stdout.write(`${JSON.stringify(await answer())}\n`);
  }
}

void main();
