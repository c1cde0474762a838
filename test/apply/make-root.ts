import { chmodSync, chownSync, linkSync, lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeGuest } from '../lib/phony-guest.ts';
import { image, modules, oldInitrd } from './applied-guest.ts';

/** A guest with a file of every sort that a plan touches: odd owners, modes and times, several names, links. */
export function makeRoot(): string {
  const root = makeGuest({
    '/boot/grub/grub.cfg': { content: 'linux /vmlinuz quiet\n', mode: 0o444 },
    [image]: oldInitrd,
    '/efi/EFI/debian/grubx64.efi': { content: 'MZ\x90 \xff\x00', mode: 0o700 },
    '/efi/EFI/debian/stale.efi': 'MZ of some time ago',
    '/etc/fstab': { content: '/dev/sda2 none swap sw 0 0\r\n', mode: 0o640 },
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\n',
    '/etc/several-names': 'one file, two names\n',
    '/etc/real.conf': 'old\n',
    '/etc/linked.conf': { link: 'real.conf' },
    '/etc/udev/rules.d/70-persistent-net.rules': 'SUBSYSTEM=="net"\n',
    '/etc/resume': 'resume\n',
    '/etc/empty-folder': { folder: true, mode: 0o750 },
    '/etc/old-link': { link: '/somewhere' },
    [`${modules}/modules.dep`]: 'old dep\n',
    [`${modules}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
    '/var/lib': { folder: true },
    '/var/tmp': { folder: true },
  });
  const at = (path: string) => join(root, path);
  linkSync(at('/etc/several-names'), at('/etc/second-name'));
  linkSync(at('/etc/resume'), at('/etc/resume.2'));
  chownSync(at('/etc/fstab'), 1234, 5678);
  chmodSync(at('/etc/default/grub'), 0o600);
  // Some time ago, and not at a whole second.
  for (const name of readdirSync(root, { recursive: true }) as string[]) lutimesSync(at(name), 1.6e9, 1.6e9 + 0.123456);
  lutimesSync(root, 1.6e9, 1.6e9);
  return root;
}
