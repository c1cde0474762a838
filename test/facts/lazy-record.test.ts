import { describe, expect, test, vi } from 'vitest';
import { readKernelConfig } from '../../src/facts/kernel-config.ts';
import { lazyRecord } from '../../src/facts/lazy-record.ts';
import { readModulesDep } from '../../src/facts/modules-dep.ts';
import { parseModulesDep } from '../../src/formats/modules-dep.ts';
import { makeRandom } from '../lib/random.ts';

describe('a record made when it is asked', () => {
  const whole = { a: 1, b: 2 };
  const make = () => {
    const one = vi.fn((name: string) => (Object.hasOwn(whole, name) ? whole[name as 'a'] : undefined));
    const all = vi.fn(() => whole);
    return { one, all, record: lazyRecord(one, all) };
  };

  test('makes what is asked for, once', () => {
    const { one, all, record } = make();
    expect([record['a'], record['a'], record['c'], record['c']]).toEqual([1, 1, undefined, undefined]);
    expect([Object.hasOwn(record, 'b'), Object.hasOwn(record, 'c'), 'b' in record, 'c' in record]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(one.mock.calls.flat()).toEqual(['a', 'c', 'b']);
    expect(all).not.toHaveBeenCalled();
  });

  test('is like any other when it is listed, printed, copied and compared', () => {
    expect(Object.keys(make().record)).toEqual(['a', 'b']);
    expect(Object.entries(make().record)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(JSON.stringify(make().record)).toBe('{"a":1,"b":2}');
    expect({ ...make().record }).toEqual(whole);
    expect(make().record).toEqual(whole);
    expect(make().record).not.toEqual({ a: 1, b: 3 });
    const { all, record } = make();
    expect([Object.keys(record), Object.keys(record)].flat()).toHaveLength(4);
    expect(all).toHaveBeenCalledOnce();
  });

  test('has no inherited names', () => {
    const { record } = make();
    expect(record['constructor']).toBeUndefined();
    expect(record['toString']).toBeUndefined();
  });

  test('cannot be changed', () => {
    const { record } = make() as { record: Record<string, number> };
    expect(() => {
      record['a'] = 5;
    }).toThrow(TypeError);
    expect(() => {
      delete record['a'];
    }).toThrow(TypeError);
    expect(record['a']).toBe(1);
  });
});

describe('modules.dep', () => {
  /** Each module of the full parse, and some that are none. */
  function expectAgreement(text: string, others: readonly string[] = []): void {
    const full = parseModulesDep(text);
    for (const name of [...Object.keys(full.modules), ...others]) {
      const { modules, dependsOn } = readModulesDep(text);
      if (modules.is !== 'there') throw new Error('not there');
      expect([name, modules.value[name], dependsOn[name]]).toEqual([name, full.modules[name], full.dependsOn[name]]);
    }
    const { modules, dependsOn } = readModulesDep(text);
    expect(modules.is === 'there' && modules.value).toEqual(full.modules);
    expect(dependsOn).toEqual(full.dependsOn);
  }

  test('asked for one module it says what the whole says', () => {
    expectAgreement(
      [
        'kernel/drivers/scsi/hv_storvsc.ko: kernel/drivers/scsi/scsi_mod.ko kernel/drivers/hv/hv_vmbus.ko',
        // Needed by the line before, which ends in its name.
        'kernel/drivers/hv/hv_vmbus.ko:',
        'kernel/drivers/hid/hid-hyperv.ko.xz: kernel/drivers/hv/hv_vmbus.ko',
        'kernel/fs/nls/nls_iso8859-1.ko.zst:',
        'updates/dkms/hv_vmbus.ko.gz: kernel/a.ko',
        'kernel/x_hv_storvsc.ko:',
        'kernel/sound/snd-soc-avs-i2s_test.ko:',
        'top.ko: kernel/a.ko',
        '/lib/modules/2.6.18/kernel/fs/udf/udf.ko:   kernel/a.ko \t kernel/b.ko ',
        'kernel/last.ko: kernel/a.ko',
      ].join('\n'),
      ['a', 'scsi_mod', 'storvsc', 'hv_', 'ko', '', 'constructor', 'nls_iso8859', 'kernel/last'],
    );
  });

  test('also for lists that nobody wrote by hand', () => {
    const random = makeRandom(7);
    const { pick } = random;
    const parts = ['a', 'b', 'hv', 'x-y', 'x_y', 'ko'];
    for (let round = 0; round < 200; round++) {
      const file = () =>
        `${pick(['kernel/', 'extra/', ''])}${pick(parts)}${pick(['', '-', '_'])}${pick(parts)}.ko${pick(['', '.xz', '.zst'])}`;
      const line = () => `${file()}:${Array.from({ length: random.below(4) }, () => ` ${file()}`).join('')}`;
      const text = Array.from({ length: random.below(8) }, line).join('\n') + pick(['', '\n']);
      expectAgreement(text, ['a', 'hv', 'x_y', 'hvhv', 'ab']);
    }
  });
});

test('a kernel configuration says of one option what the whole says', () => {
  const text =
    'CONFIG_A=y\n#\n# CONFIG_B is not set\nCONFIG_AB=m\nCONFIG_C="a b"\nCONFIG_D=""\nCONFIG_E=0x10\nCONFIG_F="\nCONFIG_A=m\nXCONFIG_G=y\nCONFIG_H=y';
  const whole = {
    CONFIG_A: 'y',
    CONFIG_AB: 'm',
    CONFIG_C: 'a b',
    CONFIG_D: '',
    CONFIG_E: '0x10',
    CONFIG_F: '"',
    CONFIG_H: 'y',
  };
  expect({ ...readKernelConfig(text) }).toEqual(whole);
  for (const name of [...Object.keys(whole), 'CONFIG_B', 'CONFIG_G', 'CONFIG_', 'G', '', 'constructor'])
    expect([name, readKernelConfig(text)[name]]).toEqual([name, new Map(Object.entries(whole)).get(name)]);
  expect(readKernelConfig('')['CONFIG_A']).toBeUndefined();
});
