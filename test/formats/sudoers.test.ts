import { describe, expect, test } from 'vitest';
import { letsEverybody, readSudoers, withoutOption } from '../../src/formats/sudoers.ts';

const kinds = (text: string) => readSudoers(text).map(({ line, lines, is }) => [line, lines, is]);

describe('entries of a sudoers file', () => {
  test('are told apart, comments and empty lines are none', () => {
    const text = [
      '# Defaults targetpw',
      '',
      'Defaults env_keep = "LANG LC_ADDRESS, TZ", !insults',
      'Cmnd_Alias SHUT = /sbin/halt, \\',
      '    /sbin/reboot',
      'User_Alias ADMINS = ada, %wheel',
      'root ALL=(ALL:ALL) ALL',
      '%sudo\tALL=(ALL:ALL) ALL',
      '#1000 ALL = ALL',
      '@includedir /etc/sudoers.d',
      '#include "/etc/sudoers local"',
      'nonsense',
    ].join('\n');
    expect(kinds(text)).toEqual([
      [3, 1, 'defaults'],
      [4, 2, 'alias'],
      [6, 1, 'alias'],
      [7, 1, 'rule'],
      [8, 1, 'rule'],
      [9, 1, 'rule'],
      [10, 1, 'include-folder'],
      [11, 1, 'include'],
      [12, 1, 'unknown'],
    ]);
    expect(readSudoers(text).at(-2)?.path).toBe('/etc/sudoers local');
  });

  test('of Defaults have their options, in order, with their scope', () => {
    const options = (text: string) => readSudoers(text)[0]?.options.map(({ name, off }) => `${off ? '!' : ''}${name}`);
    expect(options('Defaults targetpw, !rootpw, passwd_tries=3 # why')).toEqual([
      'targetpw',
      '!rootpw',
      'passwd_tries',
    ]);
    expect(options('Defaults badpass_message="a, targetpw", insults')).toEqual(['badpass_message', 'insults']);
    for (const text of [
      'Defaults:ada targetpw',
      'Defaults@host targetpw',
      'Defaults!/bin/su targetpw',
      'Defaults>root targetpw',
    ])
      expect(readSudoers(text)[0]).toMatchObject({ is: 'defaults', scoped: true });
    expect(readSudoers('Defaults targetpw')[0]).toMatchObject({ scoped: false });
  });

  test('a comment is not continued', () => {
    expect(kinds('# a comment \\\nDefaults targetpw\n')).toEqual([[2, 1, 'defaults']]);
  });
});

test('an option goes out of its line, and every other byte stays', () => {
  expect(withoutOption('Defaults  env_reset, targetpw', 'targetpw')).toBe('Defaults  env_reset');
  expect(withoutOption('Defaults targetpw, mailto="x"', 'targetpw')).toBe('Defaults mailto="x"');
  expect(withoutOption('Defaults targetpw', 'targetpw')).toBeUndefined();
});

test('the rule that lets everybody do everything', () => {
  const isIt = (text: string) => readSudoers(text).some(letsEverybody);
  expect(isIt('ALL   ALL=(ALL) ALL   # WARNING! Only use this together with targetpw')).toBe(true);
  expect(isIt('ALL ALL = (ALL:ALL) ALL')).toBe(true);
  expect(isIt('%wheel ALL=(ALL) ALL')).toBe(false);
  expect(isIt('ALL ALL=(ALL) NOPASSWD: /bin/true')).toBe(false);
});

// Each of these was held against visudo 1.9.13: it has something to say of exactly these.
test.each(['nonsense', 'Defaults', 'root ALL', 'root ALL=', 'User_Alias lower = a', 'Defaults env_reset,'])(
  '%s is no entry',
  (text) => expect(kinds(text)).toEqual([[1, 1, 'unknown']]),
);
