import { expect, test } from 'vitest';
import {
  isModuleFile,
  moduleName,
  parseModulesBuiltin,
  parseModulesDep,
  parseModulesSoftdep,
} from '../../src/formats/modules-dep.ts';

test.each([
  ['kernel/drivers/hv/hv_vmbus.ko', 'hv_vmbus'],
  ['kernel/drivers/hid/hid-hyperv.ko', 'hid_hyperv'],
  ['usr/lib/modules/6.12.1/kernel/drivers/pci/controller/pci-hyperv-intf.ko.xz', 'pci_hyperv_intf'],
  ['a.ko.gz', 'a'],
  ['a.ko.zst', 'a'],
  ['a.ko.bz2', 'a'],
  ['hv_storvsc', 'hv_storvsc'],
  ['kernel/a.b-c.ko', 'a.b_c'],
])('the name of %s is %s', (path, name) => {
  expect(moduleName(path)).toBe(name);
});

test.each(['a.ko', 'x/a.ko.xz', 'a-b.ko.zst', 'a.ko.gz', 'a.ko.bz2'])('%s is a module file', (path) => {
  expect(isModuleFile(path)).toBe(true);
});

test.each(['a.ko.bak', 'modules.dep', 'a.kox', 'a.ko/b', 'ko', 'a.ko.xz.old'])('%s is no module file', (path) => {
  expect(isModuleFile(path)).toBe(false);
});

test('modules.dep: names to files, and all that each one needs', () => {
  const { modules, dependsOn } = parseModulesDep(
    [
      'kernel/drivers/hv/hv_vmbus.ko.xz:',
      'kernel/drivers/hid/hid-hyperv.ko.xz: kernel/drivers/hid/hid.ko.xz kernel/drivers/hv/hv_vmbus.ko.xz',
      '/lib/modules/2.6.32/kernel/fs/udf/udf.ko: /lib/modules/2.6.32/kernel/lib/crc-itu-t.ko',
      '',
    ].join('\n'),
  );
  expect({ ...modules }).toEqual({
    hv_vmbus: 'kernel/drivers/hv/hv_vmbus.ko.xz',
    hid_hyperv: 'kernel/drivers/hid/hid-hyperv.ko.xz',
    udf: '/lib/modules/2.6.32/kernel/fs/udf/udf.ko',
  });
  expect({ ...dependsOn }).toEqual({ hv_vmbus: [], hid_hyperv: ['hid', 'hv_vmbus'], udf: ['crc_itu_t'] });
});

test('modules.dep: the first file of a name wins, with what that one needs', () => {
  const { modules, dependsOn } = parseModulesDep('updates/dkms/a.ko: kernel/b.ko\nkernel/a.ko: kernel/c.ko\n');
  expect(modules.a).toBe('updates/dkms/a.ko');
  expect(dependsOn.a).toEqual(['b']);
});

test('modules.dep: names of things that every object has are no modules', () => {
  const { modules } = parseModulesDep('kernel/__proto__.ko:\nno colon here\n# comment: x\n: kernel/a.ko\n');
  expect(Object.keys(modules)).toEqual(['__proto__']);
  expect(modules.constructor).toBeUndefined();
});

test('modules.builtin: normalised names without repeats', () => {
  const text = 'kernel/arch/x86/crypto/aes-intel.ko\nkernel/drivers/hv/hv_vmbus.ko\n\nkernel/x/hv-vmbus.ko\n';
  expect(parseModulesBuiltin(text)).toEqual(['aes_intel', 'hv_vmbus']);
  expect(parseModulesBuiltin('')).toEqual([]);
});

test('modules.softdep: what should come before, normalised; what comes after does not count', () => {
  const text =
    '# by depmod\nsoftdep hv-netvsc pre: pci-hyperv mana post: x\nsoftdep ext4 post: y\nsoftdep a pre: b\nsoftdep a pre: c\n';
  expect({ ...parseModulesSoftdep(text) }).toEqual({ hv_netvsc: ['pci_hyperv', 'mana'], a: ['b', 'c'] });
});
