import { parseArgs } from 'node:util';
import { PrepError } from '../errors.ts';
import { type BootFileKind, bootFileKinds, type EntryChoice } from '../formats/boot-file.ts';
import { type LogLevel, logLevels } from '../log.ts';
import type { Policy, Severity } from '../model.ts';
import { allowNames, optionTable, type VerbName, verbs } from './verbs.ts';

/** What the command line asked for, checked. Paths in here are those of the machine the program runs on. */
export interface Options {
  readonly verb: VerbName;
  readonly words: readonly string[];
  readonly root: string | undefined;
  readonly policy: Policy;
  readonly format: 'text' | 'json';
  readonly output: string | undefined;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[];
  readonly failOn: Severity;
  readonly yes: boolean;
  readonly deprovision: boolean;
  readonly removeUser: boolean;
  readonly poweroff: boolean;
  readonly force: boolean;
  readonly quick: boolean;
  /** The one file that `cmdline` edits; undefined: the guest. `-` is standard input. */
  readonly file: string | undefined;
  readonly as: BootFileKind | undefined;
  readonly entry: EntryChoice | undefined;
  /** Pieces of a kernel line; undefined where the option was not given. */
  readonly add: string | undefined;
  readonly remove: string | undefined;
  /** From where missing packages may be installed: the network, and files of the machine that the program runs on. */
  readonly installPackages: boolean;
  readonly packageFiles: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFile: string | undefined;
  readonly color: boolean | undefined;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

function usage(says: string, hint = 'see prep-guest --help'): PrepError {
  return new PrepError('usage', says, hint);
}

/** A dash pasted from a web page is not an option; the agent itself answers such a word with its usage text and exit code 0. */
function refuseForeignDashes(argv: readonly string[]): void {
  const odd = argv.find((word) => /^[\u2010-\u2015\u2212]/.test(word));
  if (odd !== undefined)
    throw usage(`"${odd}" starts with a typographic dash`, 'type the option with plain ASCII hyphens: --');
}

function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[], otherwise: T): T {
  const value = values[name];
  if (value === undefined) return otherwise;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw usage(`--${name} ${String(value)}: must be one of ${allowed.join(', ')}`);
  return found;
}

function listOf(values: Values, name: string): string[] | undefined {
  const value = values[name];
  if (typeof value !== 'string') return undefined;
  const words = value.split(',').map((word) => word.trim());
  if (words.some((word) => word === '')) throw usage(`--${name} ${value}: an empty name in the list`);
  return words;
}

function targetsOf(values: Values): Policy['targets'] {
  const known = ['gen1', 'gen2', 'nvme'] as const;
  return (listOf(values, 'target') ?? []).map((word) => {
    const found = known.find((target) => target === word);
    if (found === undefined) throw usage(`--target ${word}: must be of ${known.join(', ')}`);
    return found;
  });
}

function entryOf(values: Values): EntryChoice | undefined {
  const value = values['entry'];
  if (value === undefined || value === 'default' || value === 'all') return value;
  if (typeof value === 'string' && /^\d{1,6}$/.test(value)) return Number(value);
  throw usage(`--entry ${String(value)}: must be default, all, or a number: entries count from 0`);
}

function allowedOf(values: Values): string[] {
  const names = listOf(values, 'allow') ?? [];
  const odd = names.find((name) => !allowNames.includes(name));
  if (odd !== undefined) throw usage(`--allow ${odd}: must be of ${allowNames.join(', ')}`);
  return names;
}

function packageFilesOf(values: Values): readonly string[] {
  const files = Array.isArray(values['package']) ? (values['package'] as readonly string[]) : [];
  if (files.includes('')) throw usage('--package needs a path');
  if (values['install-packages'] !== true) return files;
  if (files.length > 0)
    throw usage('--package does not go with --install-packages', 'packages come from files or from the network');
  if (values['root'] !== undefined)
    throw usage(
      '--install-packages does not go with --root',
      'a root that is not running has no network: give the files, each with --package',
    );
  return files;
}

function verbOf(words: readonly string[], apply: boolean): { verb: VerbName; words: readonly string[] } {
  const first = words[0];
  if (first === undefined) return { verb: apply ? 'apply' : 'check', words };
  const verb = verbs.find((one) => one.name === first);
  if (verb === undefined || verb.name === 'apply') throw usage(`"${first}" is not a verb of prep-guest`);
  if (apply) throw usage(`--apply does not go with "${first}"`);
  return { verb: verb.name, words: words.slice(1) };
}

function checkFits(verb: VerbName, values: Values, words: readonly string[]): void {
  const shape = verbs.find((one) => one.name === verb);
  if (shape === undefined) return;
  for (const name of Object.keys(values)) {
    const allowed = optionTable[name]?.verbs;
    if (allowed !== undefined && !allowed.includes(verb))
      throw usage(
        `--${name} does not go with ${shape.call}`,
        `see prep-guest ${verb === 'apply' ? '' : `${verb} `}--help`,
      );
  }
  if (words.length > shape.words) throw usage(`"${words[shape.words]}" is one word too many for ${shape.call}`);
}

/** Reads the command line. Throws PrepError `usage` with a sentence that names the word at fault. */
export function readOptions(argv: readonly string[]): Options {
  refuseForeignDashes(argv);
  let parsed: { values: Values; positionals: string[] };
  try {
    const options = Object.fromEntries(
      Object.entries(optionTable).map(([name, { type, short, several }]) => [
        name,
        { type, ...(short ? { short } : {}), ...(several ? { multiple: true } : {}) },
      ]),
    );
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }) as typeof parsed;
  } catch (error) {
    throw usage((error as Error).message.split('. ')[0] ?? 'unreadable command line');
  }
  const { values, positionals } = parsed;
  const { verb, words } = verbOf(positionals, values['apply'] === true);
  const help = values['help'] === true;
  const version = values['version'] === true;
  if (!help && !version) checkFits(verb, values, words);
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const joined = (name: string) => (Array.isArray(values[name]) ? values[name].join(' ') : undefined);
  for (const name of ['root', 'output', 'log-file', 'file'])
    if (text(name) === '') throw usage(`--${name} needs a path`);
  return {
    verb,
    words,
    root: text('root'),
    policy: {
      profile: oneOf(values, 'profile', ['azure', 'seed-2018'], 'azure'),
      targets: targetsOf(values),
      mode: oneOf(values, 'mode', ['generalized', 'specialized'], 'generalized'),
      allow: allowedOf(values),
    },
    format: oneOf(values, 'format', ['text', 'json'], 'text'),
    output: text('output'),
    only: listOf(values, 'only'),
    skip: listOf(values, 'skip') ?? [],
    failOn: oneOf(values, 'fail-on', ['must', 'should', 'info'], 'must'),
    yes: values['yes'] === true,
    deprovision: values['no-deprovision'] !== true,
    removeUser: values['remove-user'] === true,
    poweroff: values['poweroff'] === true,
    force: values['force'] === true,
    quick: values['quick'] === true,
    file: text('file'),
    as: values['as'] === undefined ? undefined : oneOf(values, 'as', bootFileKinds, 'grub2'),
    entry: entryOf(values),
    add: joined('add'),
    remove: joined('remove'),
    installPackages: values['install-packages'] === true,
    packageFiles: packageFilesOf(values),
    logLevel: oneOf(values, 'log-level', logLevels, 'info'),
    logFile: text('log-file'),
    color: values['no-color'] === true ? false : undefined,
    quiet: values['quiet'] === true,
    help,
    version,
  };
}
