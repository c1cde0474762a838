import { type Options, readOptions } from './cli/options.ts';
import type { Session } from './cli/session.ts';
import { showHelp } from './cli/show/help.ts';
import { printable } from './cli/show/printable.ts';
import { createPrinter, type Printer } from './cli/show/printer.ts';
import { exitCodes, PrepError } from './errors.ts';
import { isRoot, openLogFile } from './guest/host.ts';
import { mendRuntime } from './guest/runtime.ts';
import { createLog, type Log, silentLog } from './log.ts';

declare const __VERSION__: string;

/** Verbs that change a guest: they need root, and they keep a log. */
const changing = ['apply', 'rollback', 'seal'];
const defaultLog = '/var/log/prep-guest.log';

async function makeLog(options: Options, printer: Printer): Promise<Log> {
  const path = options.logFile ?? (changing.includes(options.verb) ? defaultLog : undefined);
  if (path === undefined) return silentLog;
  return createLog(
    options.logLevel,
    openLogFile(path, (why) => printer.error(`prep-guest: ${why}`)),
  );
}

/** Each verb is loaded when it is asked for: a check does not pay for the seal. */
async function runVerb(session: Session): Promise<number> {
  switch (session.options.verb) {
    case 'check':
      return (await import('./cli/check.ts')).runCheck(session);
    case 'plan':
      return (await import('./cli/plan.ts')).runPlan(session);
    case 'apply':
      return (await import('./cli/apply.ts')).runApply(session);
    case 'rollback':
      return (await import('./cli/rollback.ts')).runRollback(session);
    case 'history':
      return (await import('./cli/history.ts')).runHistory(session);
    case 'seal':
      return (await import('./cli/seal.ts')).runSeal(session);
    case 'initrd':
      return (await import('./cli/initrd.ts')).runInitrd(session);
    case 'cmdline':
      return (await import('./cli/cmdline.ts')).runCmdline(session);
    case 'explain':
      return (await import('./cli/explain.ts')).runExplain(session);
  }
}

async function start(options: Options, printer: Printer): Promise<number> {
  if (options.version) {
    printer.line(`prep-guest ${__VERSION__}`);
    return exitCodes.content;
  }
  if (options.help) {
    showHelp(
      printer,
      options.words.length === 0 && options.verb === 'check' && !process.argv.includes('check')
        ? undefined
        : options.verb,
    );
    return exitCodes.content;
  }
  if (changing.includes(options.verb) && !isRoot()) {
    throw new PrepError('notRoot', 'only root can change a guest', 'run it with sudo');
  }
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort(signal));
  const log = await makeLog(options, printer);
  log.info(`prep-guest ${__VERSION__} ${options.verb}`, { root: options.root ?? '/', ...options.policy });
  try {
    const code = await runVerb({ options, printer, log, version: __VERSION__, signal: abort.signal });
    log.info(`ended with exit code ${code}`);
    return code;
  } catch (error) {
    log.error(String(error), error instanceof PrepError ? { code: error.code } : { stack: (error as Error).stack });
    throw error;
  }
}

/**
 * A stream that cannot be written (a log on a full disk) never ends a run halfway: that would leave a guest half changed.
 * A reader that went away (`| head`) has seen what it wanted; any other loss of the result is told when all is done, and
 * is never an exit code 0 or 1, which would vouch for a report that nobody got. Of standard error nobody can be told.
 */
function watchStreams(): void {
  let lost: string | undefined;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error.message;
  });
  process.on('exit', (code) => {
    if (lost === undefined) return;
    process.stderr.write(`prep-guest: the result could not be printed: ${lost}\n`);
    if (code === exitCodes.content || code === exitCodes.findings) process.exitCode = exitCodes.internal;
  });
}

function explain(error: unknown, printer: Printer): number {
  printer.settle();
  if (error instanceof PrepError) {
    // A sentence may quote what a program of the guest has said.
    const lines = error.message.split('\n').map((line) => printable(line));
    printer.error(`prep-guest: ${lines.join('\n  ')}`);
    if (error.hint !== undefined) printer.error(`  ${printable(error.hint)}`);
    return exitCodes[error.code];
  }
  printer.error(
    `prep-guest: an error in prep-guest itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return exitCodes.internal;
}

async function main(): Promise<void> {
  mendRuntime();
  watchStreams();
  process.umask(0o022);
  const plain = createPrinter(process.stdout, process.stderr, process.env, { color: undefined, quiet: false });
  // Node would end with 1, which says "findings".
  process.on('uncaughtException', (error) => process.exit(explain(error, plain)));
  try {
    const options = readOptions(process.argv.slice(2));
    const printer = createPrinter(process.stdout, process.stderr, process.env, {
      color: options.color,
      quiet: options.quiet,
    });
    process.exitCode = await start(options, printer);
  } catch (error) {
    process.exitCode = explain(error, plain);
  }
}

void main();
