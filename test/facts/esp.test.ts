import { expect, test } from 'vitest';
import { scanEsp } from '../../src/facts/esp.ts';
import { recordFiles } from '../../src/facts/recording-files.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import { efiProgram } from '../guests/parts.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

function esp(tree: PhonyTree) {
  return scanEsp(recordFiles(createReadOnlyGuest(makeGuest(tree), 'offline')));
}

test('each file of each folder, and which machine a program is for; kernels are left out', async () => {
  const found = await esp({
    '/boot/efi/efi/Boot/bootx64.efi': efiProgram('shim'),
    '/boot/efi/efi/Boot/bootaa64.efi': efiProgram('shim', 'aarch64'),
    '/boot/efi/efi/debian/grubx64.efi': 'MZ and no more',
    '/boot/efi/efi/Linux/kernel.efi': efiProgram('kernel'),
  });
  expect(found).toMatchObject({ is: 'there', value: { folder: '/boot/efi/efi' } });
  const files = found.is === 'there' ? found.value.files.map(({ path, is }) => [path, is]) : [];
  expect(files).toEqual([
    ['/boot/efi/efi/Boot/bootaa64.efi', 'aarch64'],
    ['/boot/efi/efi/Boot/bootx64.efi', 'x86_64'],
    ['/boot/efi/efi/debian/grubx64.efi', 'no-program'],
  ]);
});

test('mounted at /boot, as systemd-boot has it', async () => {
  const found = await esp({ '/boot/EFI/systemd/systemd-bootx64.efi': efiProgram('systemd-boot') });
  expect(found).toMatchObject({ is: 'there', value: { folder: '/boot/EFI' } });
});

test('an empty mount point is no partition', async () => {
  expect(await esp({ '/boot/efi': { folder: true }, '/boot/vmlinuz': 'x' })).toEqual({ is: 'absent' });
});
