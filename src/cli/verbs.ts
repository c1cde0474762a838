/** The verbs and options of the command line as data: parsing, `--help` and the man page are made from it. */

export type VerbName = 'check' | 'plan' | 'apply' | 'rollback' | 'history' | 'seal' | 'initrd' | 'explain' | 'cmdline';

export interface Verb {
  readonly name: VerbName;
  /** As typed. */
  readonly call: string;
  /** Shown in the list of verbs. */
  readonly does: string;
  /** The whole story, for `--help` of the verb. */
  readonly tells: readonly string[];
  /** How many words it takes at most. */
  readonly words: number;
}

export const verbs: readonly Verb[] = [
  {
    name: 'check',
    call: 'prep-guest check',
    does: 'inspect the guest and print the verdict; reads only',
    tells: [
      'Looks at kernels, initrd contents, the boot loader, the network, the agent, swap and accounts, and says whether',
      'this guest is ready for Azure and Hyper-V. Nothing is written and no program of the guest is run.',
      'Exit code 0: ready. 1: findings, or something that could not be looked at.',
    ],
    words: 0,
  },
  {
    name: 'plan',
    call: 'prep-guest plan',
    does: 'show what --apply would do, as diffs and commands, each with its reason; reads only',
    tells: [
      'Every change that --apply would make, in order: unified diffs of the files, the commands, the initrds that would',
      'be rebuilt, and for each the check that asks for it. Exit code 0: nothing to do. 1: there are changes.',
      '2: the plan is blocked, and why.',
    ],
    words: 0,
  },
  {
    name: 'apply',
    call: 'prep-guest --apply',
    does: 'the main job: check, plan, ask, apply, verify, seal',
    tells: [
      'Makes the changes of `prep-guest plan` under a journal, looks again, and when every rule that must hold does,',
      'finishes with `waagent -force -deprovision`. If a step fails, everything is undone. Until the seal,',
      '`prep-guest rollback` takes it all back. Without a terminal, or with --yes, it does not ask.',
    ],
    words: 0,
  },
  {
    name: 'rollback',
    call: 'prep-guest rollback [RUN]',
    does: 'undo a run, or one that was interrupted; refused after the seal',
    tells: [
      'Takes back the last run (or RUN, as named by `prep-guest history`): contents, owners, modes, times, attributes',
      'and links. A file that somebody else has changed since is not overwritten unless --force is given.',
    ],
    words: 1,
  },
  {
    name: 'history',
    call: 'prep-guest history',
    does: 'the runs made on this guest and what each changed',
    tells: [
      'Lists every run with its state: applied, undone, unfinished, broken, sealing or sealed, and the paths it changed.',
    ],
    words: 0,
  },
  {
    name: 'seal',
    call: 'prep-guest seal',
    does: 'verify, and deprovision if the guest is ready',
    tells: [
      'Checks again, then runs `waagent -force -deprovision` and looks at each of its effects. This cannot be undone:',
      'host keys, leases, the root password, logs and histories go, and so do the originals kept for a rollback.',
    ],
    words: 0,
  },
  {
    name: 'cmdline',
    call: 'prep-guest cmdline [--file FILE]',
    does: 'show or change the kernel line of every boot entry, or of one file',
    tells: [
      'Without --file: what each boot entry gives the kernel, what the next update would, and where both differ (exit code 1).',
      'With --add or --remove the entries and all that later ones are made from are changed under a journal: rollback',
      'takes it back. --entry N changes that entry alone.',
      'With --file it prints the file with the kernel line edited and touches nothing; every other byte stays. It needs',
      'neither root nor a guest. --as grub-legacy (menu.lst, grub.conf), grub2 (grub.cfg), bls (also the entries of',
      'systemd-boot), extlinux, default-grub (/etc/default/grub) or kernel-cmdline (/etc/kernel/cmdline).',
      '--remove key takes every key and key=value, --remove key=value exactly that. --add key=value takes the place of',
      'an existing key=..., but for those that may repeat (console=, rd.lvm.lv= and the like), and what is missing is',
      'added at the end. With all entries, the comments that update-grub of Debian reads from menu.lst are edited too.',
      'Exit code 2: the file cannot be read, or cannot be edited without guessing.',
    ],
    words: 0,
  },
  {
    name: 'initrd',
    call: 'prep-guest initrd [FILE ...]',
    does: 'archives, compression and kernel modules of an initrd',
    tells: [
      'Reads initrd files of any kind: early microcode, several archives, gzip, bzip2, lzma, xz, lzo, lz4 and zstd.',
      'Without FILE: those of the guest. An image that cannot be read is said to be unknown, with the reason and place.',
    ],
    words: 1000,
  },
  {
    name: 'explain',
    call: 'prep-guest explain [CHECK ...]',
    does: 'every rule: what it asks, why, by which source, how it is mended',
    tells: ['Without CHECK: the list of all rules. With it: the whole story of each. Needs no guest and no root.'],
    words: 1000,
  },
];

export interface OptionShape {
  readonly type: 'boolean' | 'string';
  /** One letter, for what everybody types. */
  readonly short?: string;
  /** The word for the value in --help. */
  readonly value?: string;
  readonly does: string;
  /** May be given several times. */
  readonly several?: true;
  /** Where it is allowed; undefined: everywhere. */
  readonly verbs?: readonly VerbName[];
}

/** What --allow takes: fixes that lose something or are a matter of taste. Each finding names its own. */
export const allowNames: readonly string[] = [
  'agent-autoupdate',
  'cloudinit-swap',
  'delete-swapfile',
  'disable-provisioning',
  'fstab-nofail',
  'lock-passwords',
  'remove-keys',
  'remove-numa-off',
  'static-network',
];

const examining: readonly VerbName[] = ['check', 'plan', 'apply', 'seal'];

export const optionTable: Readonly<Record<string, OptionShape>> = {
  apply: { type: 'boolean', does: 'make the changes (see prep-guest --apply --help)', verbs: ['apply'] },
  root: { type: 'string', value: 'DIR', does: 'work on the mounted guest at DIR instead of the running machine' },
  profile: {
    type: 'string',
    value: 'NAME',
    does: 'azure (default): the rules of today; seed-2018: the 2018 article to the letter',
    verbs: examining,
  },
  target: { type: 'string', value: 'LIST', does: 'what the image must boot on: gen1, gen2, nvme', verbs: examining },
  mode: {
    type: 'string',
    value: 'MODE',
    does: 'generalized (default), or specialized: this one machine migrates and is never sealed',
    verbs: examining,
  },
  allow: {
    type: 'string',
    value: 'LIST',
    does: 'fixes that lose something or are a matter of taste, each named in its finding',
    verbs: examining,
  },
  only: { type: 'string', value: 'IDS', does: 'look at these checks only', verbs: ['check', 'plan', 'apply'] },
  skip: { type: 'string', value: 'IDS', does: 'leave these checks out; they are listed as skipped', verbs: examining },
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    does: 'which findings make the exit code 1: must (default), should, info',
    verbs: ['check', 'apply', 'seal'],
  },
  format: { type: 'string', value: 'F', does: 'text (default) or json' },
  output: { type: 'string', value: 'FILE', does: 'write the report to FILE instead of standard output' },
  quick: {
    type: 'boolean',
    does: 'stop reading an initrd when the wanted drivers are found: proves neither its checksum nor its end',
    verbs: ['check', 'initrd'],
  },
  file: { type: 'string', value: 'FILE', does: 'the file to edit, - for standard input', verbs: ['cmdline'] },
  as: { type: 'string', value: 'KIND', does: 'what kind of file it is', verbs: ['cmdline'] },
  entry: {
    type: 'string',
    value: 'N',
    does: 'all (default), default, or a number: entries count from 0 in the order of the file',
    verbs: ['cmdline'],
  },
  add: { type: 'string', value: 'ARGS', several: true, does: 'kernel arguments to have', verbs: ['cmdline'] },
  remove: { type: 'string', value: 'ARGS', several: true, does: 'kernel arguments to lack', verbs: ['cmdline'] },
  'install-packages': {
    type: 'boolean',
    does: "have the running machine's package manager (apt) install what is missing, from the network",
    verbs: ['plan', 'apply'],
  },
  package: {
    type: 'string',
    value: 'FILE',
    several: true,
    does: 'install what is missing from this .deb of the machine that prep-guest runs on; needs no network',
    verbs: ['plan', 'apply'],
  },
  yes: { type: 'boolean', does: 'do not ask', verbs: ['apply', 'rollback', 'seal', 'cmdline'] },
  'no-deprovision': { type: 'boolean', does: 'apply and verify, do not seal', verbs: ['apply'] },
  'remove-user': { type: 'boolean', does: 'seal with waagent -deprovision+user', verbs: ['apply', 'seal'] },
  poweroff: { type: 'boolean', does: 'power off after the seal', verbs: ['apply', 'seal'] },
  force: { type: 'boolean', does: 'roll back files that were changed since', verbs: ['rollback'] },
  'log-level': { type: 'string', value: 'LEVEL', does: 'error, warn, info (default) or debug' },
  'log-file': {
    type: 'string',
    value: 'FILE',
    does: 'log to FILE; default /var/log/prep-guest.log when something is changed',
  },
  'no-color': { type: 'boolean', does: 'no colours (also: the environment variable NO_COLOR)' },
  quiet: { type: 'boolean', does: 'only what is not as it should be' },
  help: { type: 'boolean', short: 'h', does: 'this text, or that of a verb' },
  version: { type: 'boolean', does: 'the version' },
};
