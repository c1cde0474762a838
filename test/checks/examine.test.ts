import { describe, expect, it } from 'vitest';
import { examine, failsAt, severityOf, verdictOf } from '../../src/checks/examine.ts';
import type { Check, Examined, Looked, Severity } from '../../src/model.ts';
import { debianFacts, policy } from '../lib/facts.ts';

function rule(id: string, severity: Severity, look: () => Looked): Check {
  return { id, area: 'boot', title: id, severity, why: id, source: ['nowhere'], look };
}

const content: Looked = { is: 'pass', says: 'fine' };
const doubt: Looked = { is: 'unknown', why: 'not read' };

function failing(severity?: Severity): Looked {
  return {
    is: 'fail',
    findings: [{ about: 'x', says: 'bad', ...(severity ? { severity } : {}), evidence: [], wants: [] }],
  };
}

function run(rules: readonly Check[], choice = {}): readonly Examined[] {
  return examine(debianFacts(), policy(), choice, rules);
}

describe('examine', () => {
  const rules = [
    rule('a', 'must', () => content),
    rule('b', 'should', () => failing()),
    rule('c', 'must', () => doubt),
  ];

  it('gives every check in report order with its status', () => {
    expect(run(rules).map((one) => [one.check.id, one.status])).toEqual([
      ['a', 'pass'],
      ['b', 'fail'],
      ['c', 'unknown'],
    ]);
  });

  it('lists what --only leaves out and what --skip names as skipped, and asks neither', () => {
    const asked: string[] = [];
    const noting = rules.map((one) => ({
      ...one,
      look: () => {
        asked.push(one.id);
        return content;
      },
    }));
    const examined = run(noting, { only: ['a', 'b'], skip: ['b'] });
    expect(examined.map((one) => [one.status, one.skippedBy])).toEqual([
      ['pass', undefined],
      ['skipped', '--skip'],
      ['skipped', '--only'],
    ]);
    expect(asked).toEqual(['a']);
  });

  it('waives what fails or is unknown, with the reason, and leaves a pass a pass', () => {
    const waive = ['a', 'b', 'c'].map((id) => ({ id, reason: `because ${id}` }));
    expect(run(rules, { waive }).map((one) => [one.status, one.waiver])).toEqual([
      ['pass', undefined],
      ['waived', 'because b'],
      ['waived', 'because c'],
    ]);
  });

  it.each([{ only: ['d'] }, { skip: ['d'] }, { waive: [{ id: 'd', reason: 'x' }] }])(
    'refuses an id that does not exist: %j',
    (choice) => {
      expect(() => run(rules, choice)).toThrow(
        expect.objectContaining({ code: 'usage', message: expect.stringContaining('"d"') }),
      );
    },
  );

  it('takes a rule that breaks for a grave unknown and asks the others', () => {
    const broken = rule('broken', 'info', () => {
      throw new TypeError('x is not a function');
    });
    const examined = run([broken, ...rules]);
    expect(examined).toHaveLength(4);
    expect(examined[0]?.looked).toEqual({
      is: 'unknown',
      why: expect.stringContaining('TypeError: x is not a function'),
      severity: 'must',
    });
    expect(verdictOf(run([broken]))).toBe('unknown');
  });
});

describe('verdictOf', () => {
  const verdict = (look: Looked, severity: Severity, choice = {}) =>
    verdictOf(run([rule('a', severity, () => look)], choice));

  it.each([
    [content, 'must', 'ready'],
    [{ is: 'not-applicable', why: '' }, 'must', 'ready'],
    [failing(), 'must', 'not-ready'],
    [failing('should'), 'must', 'ready'],
    [failing('must'), 'info', 'not-ready'],
    [failing(), 'should', 'ready'],
    [doubt, 'must', 'unknown'],
    [doubt, 'should', 'ready'],
    [{ ...doubt, severity: 'info' }, 'must', 'ready'],
  ] as [Looked, Severity, string][])('%j of a %s is %s', (look, severity, expected) => {
    expect(verdict(look, severity)).toBe(expected);
  });

  it('is not spoiled by what the user decided, but a partial look is no proof', () => {
    expect(verdict(failing(), 'must', { skip: ['a'] })).toBe('ready');
    expect(verdict(failing(), 'must', { waive: [{ id: 'a', reason: 'x' }] })).toBe('ready');
    const two = [rule('a', 'must', () => content), rule('b', 'must', () => content)];
    expect(verdictOf(run(two, { only: ['a'] }))).toBe('unknown');
    const lesser = [rule('a', 'must', () => content), rule('b', 'should', () => content)];
    expect(verdictOf(run(lesser, { only: ['a'] }))).toBe('ready');
  });

  it('a failure outweighs a doubt', () => {
    expect(verdictOf(run([rule('a', 'must', () => doubt), rule('b', 'must', () => failing())]))).toBe('not-ready');
  });
});

describe('failsAt', () => {
  const one = run([rule('a', 'must', () => failing('should'))]);

  it('counts the gravest finding', () => {
    expect(severityOf(one[0] as Examined)).toBe('should');
    expect([failsAt(one, 'must'), failsAt(one, 'should'), failsAt(one, 'info')]).toEqual([false, true, true]);
  });

  it('counts a doubt like a failure, and neither what passed nor what was left out', () => {
    expect(failsAt(run([rule('a', 'should', () => doubt)]), 'should')).toBe(true);
    expect(failsAt(run([rule('a', 'must', () => content)]), 'info')).toBe(false);
    expect(failsAt(run([rule('a', 'must', () => failing())], { skip: ['a'] }), 'info')).toBe(false);
    expect(failsAt(run([rule('a', 'must', () => failing())], { waive: [{ id: 'a', reason: 'x' }] }), 'info')).toBe(
      false,
    );
  });
});
