import { describe, expect, it } from 'vitest';
import type { Change, Check, Examined } from '../../src/model.ts';
import { collectWants, contradictions } from '../../src/plan/wants.ts';

function failed(id: string, ...wants: Change[]): Examined {
  const check: Check = {
    id,
    area: 'boot',
    title: id,
    severity: 'must',
    why: '',
    source: [],
    look: () => ({ is: 'pass', says: '' }),
  };
  return {
    check,
    status: 'fail',
    looked: { is: 'fail', findings: [{ about: 'it', says: `${id} says`, evidence: [], wants }] },
  };
}

const args = (have: string[], lack: string[]): Change => ({ kind: 'kernel-args', have, lack });

describe('wants', () => {
  it('the same change wanted twice is one with both reasons', () => {
    const fresh: Change = { kind: 'initrd-fresh', kernel: '6.1' };
    const wants = collectWants([failed('a', fresh), failed('b', fresh)]);
    expect(wants).toHaveLength(1);
    expect(wants[0]?.why.map((reason) => reason.check)).toEqual(['a', 'b']);
  });

  it.each([
    [
      'two values of one setting',
      { kind: 'setting', path: '/etc/waagent.conf', as: 'waagent', key: 'K', value: 'y' },
      { kind: 'setting', path: '/etc/waagent.conf', as: 'waagent', key: 'K', value: 'n' },
    ],
    [
      'a file that is wanted and not',
      { kind: 'file', path: '/x', is: 'absent' },
      { kind: 'file', path: '/x', is: { linkTo: '/y' } },
    ],
    [
      'a unit on and off',
      { kind: 'unit', name: 'x.service', state: 'enabled' },
      { kind: 'unit', name: 'x.service', state: 'masked' },
    ],
    ['an argument wanted and unwanted', args(['quiet'], []), args([], ['quiet'])],
    ['an argument of a key that is unwanted', args([], ['resume=']), args(['resume=UUID=1'], [])],
  ] as [string, Change, Change][])('%s contradict', (_name, a, b) => {
    const found = contradictions(collectWants([failed('one', a), failed('two', b)]));
    expect(found).toHaveLength(1);
    expect(found[0]?.says).toContain('one and two');
  });

  it('the same key of two sections is two settings', () => {
    const main: Change = { kind: 'setting', path: '/x.conf', as: 'ini', section: 'main', key: 'dns', value: 'none' };
    const other: Change = { ...main, section: 'logging', value: 'x' };
    expect(contradictions(collectWants([failed('one', main), failed('two', other)]))).toEqual([]);
    expect(contradictions(collectWants([failed('one', main), failed('two', { ...main, value: 'x' })]))).toHaveLength(1);
  });

  it('an argument that one want moves to the end contradicts nothing', () => {
    const move = args(['console=ttyS0'], ['console=ttyS0']);
    expect(contradictions(collectWants([failed('one', move), failed('two', args(['console=ttyS0'], []))]))).toEqual([]);
  });
});
