import { describe, expect, it } from 'vitest';
import { detectBootLoader, kernelArgsEdits } from '../../src/families/bootloader/index.ts';
import { detectDistro } from '../../src/families/distro/index.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import type { Facts, GuestPath, OsFacts } from '../../src/model.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

const menu = `set default="0"
menuentry 'Debian GNU/Linux' --class debian {
	linux	/vmlinuz-6.1.0-9-amd64 root=UUID=1 ro  quiet splash
	initrd	/initrd.img-6.1.0-9-amd64
}
submenu 'Advanced options' {
	menuentry 'Debian, with Linux 6.1.0-9-amd64 (recovery mode)' {
		linux	/vmlinuz-6.1.0-9-amd64 root=UUID=1 ro single
		initrd	/initrd.img-6.1.0-9-amd64
	}
}
`;

type Texts = Record<GuestPath, string>;

async function edited(tree: PhonyTree, have: string[], lack: string[]): Promise<Texts | string> {
  const guest = createReadOnlyGuest(
    makeGuest({ '/etc/os-release': 'ID=debian\n', '/boot/grub/grub.cfg': menu, ...tree }),
    'offline',
  );
  const os = { distro: await detectDistro(guest), firmware: { is: 'unknown', evidence: [] } } as unknown as OsFacts;
  const boot = await detectBootLoader(guest, os);
  const texts: Texts = {};
  if (boot.kind === 'unknown') return boot.why;
  for (const path of [boot.cfg, ...boot.sources]) {
    const text = await guest.text(path);
    if (text.is === 'there') texts[path] = text.value;
  }
  const edits = kernelArgsEdits({ kind: 'kernel-args', have, lack }, { os, boot, texts } as unknown as Facts);
  if (typeof edits === 'string') return edits;
  for (const { path, change } of edits) texts[path] = change(texts[path] ?? null) ?? '';
  return texts;
}

describe('the kernel line of GRUB 2', () => {
  it('goes into every entry and its source, recovery included', async () => {
    const texts = await edited(
      { '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"\nGRUB_CMDLINE_LINUX=""\n' },
      ['console=ttyS0'],
      ['quiet'],
    );
    expect(texts).toMatchObject({
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="splash"\nGRUB_CMDLINE_LINUX="console=ttyS0"\n',
    });
    const lines = (texts as Texts)['/boot/grub/grub.cfg']?.split('\n').filter((line) => line.includes('vmlinuz'));
    expect(lines?.map((line) => line.trim().split(/\s+/).slice(2))).toEqual([
      ['root=UUID=1', 'ro', 'splash', 'console=ttyS0'],
      ['root=UUID=1', 'ro', 'single', 'console=ttyS0'],
    ]);
  });

  it('is edited in the file of grub.d that decides, beside an argument of the same key', async () => {
    const texts = await edited(
      {
        '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
        '/etc/default/grub.d/50-cloudimg-settings.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="console=tty1"\n',
      },
      ['console=ttyS0'],
      ['quiet'],
    );
    expect(texts).toMatchObject({
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT=""\n',
      '/etc/default/grub.d/50-cloudimg-settings.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0"\n',
    });
    // Recovery entries do not get GRUB_CMDLINE_LINUX_DEFAULT, so neither do they here.
    expect((texts as Texts)['/boot/grub/grub.cfg']).toMatch(/ro single\n/);
  });

  it('keeps what a drop-in adds to the value of the main file', async () => {
    const texts = await edited(
      {
        '/etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\n',
        '/etc/default/grub.d/x.cfg': 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX rhgb"\n',
      },
      ['console=ttyS0'],
      ['quiet', 'rhgb'],
    );
    expect(texts).toMatchObject({
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX=""\n',
      '/etc/default/grub.d/x.cfg': 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX console=ttyS0"\n',
    });
  });

  it('is refused where shell code makes it', async () => {
    expect(await edited({ '/etc/default/grub': 'GRUB_CMDLINE_LINUX="$(cat /etc/line)"\n' }, ['a'], [])).toMatch(
      /line 1: GRUB_CMDLINE_LINUX is put together/,
    );
  });

  it('writes a source where there is none', async () => {
    expect(await edited({}, ['console=ttyS0'], [])).toMatchObject({
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX="console=ttyS0"\n',
    });
  });

  it('names a boot loader that it cannot read', async () => {
    expect(
      await edited({ '/boot/grub/grub.cfg': 'blscfg\n', '/boot/loader/entries/a-1.conf': 'title x\n' }, [], []),
    ).toMatch(/Boot Loader Specification/);
  });

  it('is not known where the menu cannot be read', async () => {
    expect(await edited({ '/boot/grub/grub.cfg': { fifo: true } }, [], [])).toMatch(
      /grub\.cfg cannot be read: .*FIFO/i,
    );
  });

  it('does not add again what another file gives', async () => {
    const tree = {
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX="console=ttyS0"\n',
      '/etc/default/grub.d/x.cfg': 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX quiet"\n',
    } as const;
    expect(await edited(tree, ['console=ttyS0'], ['quiet'])).toMatchObject({
      '/etc/default/grub': tree['/etc/default/grub'],
      '/etc/default/grub.d/x.cfg': 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX"\n',
    });
  });
});
