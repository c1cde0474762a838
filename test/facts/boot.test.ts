import { expect, test } from 'vitest';
import { scanBoot } from '../../src/facts/boot.ts';
import { recorded, withFamily } from './recorded.ts';

const menu = (initrds: string) => `menuentry 'Debian' {
  linux /boot/vmlinuz-6.1.0 root=UUID=x ro
  initrd ${initrds}
}
`;

async function missing(initrds: string) {
  const files = recorded({
    '/boot/vmlinuz-6.1.0': 'x',
    '/boot/initrd.img-6.1.0': 'x',
    '/boot/grub/grub.cfg': menu(initrds),
  });
  const boot = await scanBoot(files, withFamily('debian'));
  if (boot.kind !== 'grub2') throw new Error(`not read: ${boot.kind}`);
  return boot.entries.map((entry) => entry.missing);
}

test('which of the files that a boot entry loads are not there', async () => {
  expect(await missing('/boot/initrd.img-6.1.0')).toEqual([undefined]);
  expect(await missing('/boot/intel-uc.img /boot/initrd.img-6.1.0')).toEqual([['/boot/intel-uc.img']]);
});
