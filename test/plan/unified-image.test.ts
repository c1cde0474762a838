import { expect, it } from 'vitest';
import { examine } from '../../src/checks/examine.ts';
import { scan } from '../../src/facts/scan.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { policy } from '../lib/facts.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

const tree: PhonyTree = {
  '/etc/os-release': 'ID=arch\n',
  '/etc/udev/rules.d/70-persistent-net.rules': 'SUBSYSTEM=="net", ATTR{address}=="52:54:00:12:34:56", NAME="eth0"\n',
  '/boot/vmlinuz-linux': '',
  '/efi/loader/loader.conf': '',
  '/efi/EFI/Linux/arch-linux.efi': 'MZ',
};

async function planFor(of: PhonyTree) {
  const facts = await scan(createReadOnlyGuest(makeGuest(of), 'offline'), { unpacker: createUnpacker() });
  return makePlan(examine(facts, policy()), facts);
}

it('a guest that starts by unified images alone is inspected, never edited, and told why', async () => {
  const { steps, blockedBy } = await planFor(tree);
  expect(steps).toEqual([]);
  expect(blockedBy).toHaveLength(1);
  expect(blockedBy[0]?.says).toMatch(/arch-linux\.efi is a unified kernel image/);
});

it('an entry of its own beside the image is no reason to refuse the whole guest', async () => {
  const { blockedBy } = await planFor({
    ...tree,
    '/efi/loader/entries/arch.conf': 'title Arch\nlinux /vmlinuz-linux\ninitrd /i.img\noptions root=UUID=1 rw\n',
  });
  expect(blockedBy.map(({ says }) => says).join()).not.toMatch(/unified/);
});
