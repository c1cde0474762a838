import { expect, test } from 'vitest';
import { judge } from '../../src/checks/answer.ts';

const finding = { about: 'it', says: 'it is wrong', evidence: [], wants: [], advice: 'mend it' };

test('a doubt beside findings says what to do about it, and only what could not be read is to be made readable', () => {
  const looked = judge(
    [finding],
    [
      { about: '/boot/initrd', why: 'another is loaded', advice: 'look into that' },
      { about: '/etc/fstab', why: 'I/O error' },
    ],
    '',
  );
  expect(looked.is === 'fail' && looked.findings.map(({ advice }) => advice)).toEqual([
    'mend it',
    'look into that',
    'find out why /etc/fstab could not be read, and run the check again',
  ]);
});
