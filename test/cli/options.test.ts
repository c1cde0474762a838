import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src/cli/options.ts';
import { allowNames, optionTable, verbs } from '../../src/cli/verbs.ts';
import { PrepError } from '../../src/errors.ts';

function refusal(...argv: string[]): string {
  try {
    readOptions(argv);
  } catch (error) {
    if (error instanceof PrepError && error.code === 'usage') return error.message;
    throw error;
  }
  throw new Error(`${argv.join(' ')} was taken`);
}

describe('the command line', () => {
  it('is a check of the running machine when nothing is said', () => {
    const options = readOptions([]);
    expect(options).toMatchObject({
      verb: 'check',
      root: undefined,
      format: 'text',
      failOn: 'must',
      deprovision: true,
      yes: false,
    });
    expect(options.policy).toEqual({ profile: 'azure', targets: [], mode: 'generalized', allow: [] });
  });

  it('takes --apply with its options in any order', () => {
    const options = readOptions([
      '--root',
      '/mnt/guest',
      '--yes',
      '--apply',
      '--no-deprovision',
      '--allow',
      'delete-swapfile,lock-passwords',
    ]);
    expect(options).toMatchObject({ verb: 'apply', root: '/mnt/guest', yes: true, deprovision: false });
    expect(options.policy.allow).toEqual(['delete-swapfile', 'lock-passwords']);
  });

  it('takes --package several times', () => {
    expect(readOptions(['--apply', '--package', 'a.deb', '--package', 'b.deb']).packageFiles).toEqual([
      'a.deb',
      'b.deb',
    ]);
    expect(readOptions(['plan', '--install-packages']).installPackages).toBe(true);
  });

  it('keeps the words of a verb', () => {
    expect(readOptions(['initrd', 'a.img', 'b.img']).words).toEqual(['a.img', 'b.img']);
    expect(readOptions(['rollback', '20260101T000000Z-abcdef']).words).toEqual(['20260101T000000Z-abcdef']);
  });

  it.each([
    [['frobnicate'], '"frobnicate" is not a verb'],
    [['apply'], '"apply" is not a verb'],
    [['plan', '--apply'], '--apply does not go with "plan"'],
    [['check', '--yes'], '--yes does not go with prep-guest check'],
    [['check', 'word'], '"word" is one word too many'],
    [['--profile', 'aws'], '--profile aws: must be one of azure, seed-2018'],
    [['--target', 'gen1,gen3'], '--target gen3'],
    [['--only', 'a,,b'], 'an empty name'],
    [['check', '--package', 'a.deb'], '--package does not go with prep-guest check'],
    [['plan', '--package', ''], '--package needs a path'],
    [['--apply', '--package', 'a.deb', '--install-packages'], '--package does not go with --install-packages'],
    [['--apply', '--install-packages', '--root', '/mnt'], '--install-packages does not go with --root'],
    [['--root', ''], '--root needs a path'],
    [['--no-such-option'], "Unknown option '--no-such-option'"],
    [['--root'], "Option '--root <value>' argument missing"],
    [['\u2013-apply'], 'typographic dash'],
    [['\u2014yes'], 'typographic dash'],
  ])('refuses %j', (argv, says) => {
    expect(refusal(...argv)).toContain(says);
  });

  it('takes -h, and for --allow exactly the names that some check offers', () => {
    expect(readOptions(['-h']).help).toBe(true);
    const offered = globSync('src/checks/**/*.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/const allow\w* = '([a-z-]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(offered.sort()).toEqual([...allowNames].sort());
    expect(refusal('--apply', '--allow', 'delete-swapfile,zzz')).toContain(
      `--allow zzz: must be of ${allowNames[0]}, `,
    );
  });

  it('allows every option only for verbs that exist', () => {
    const names = verbs.map((verb) => verb.name);
    for (const { verbs: allowed } of Object.values(optionTable))
      for (const verb of allowed ?? []) expect(names).toContain(verb);
  });
});
