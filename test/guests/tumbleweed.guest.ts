import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { suse } from './suse.ts';

export const guest: PhonyGuest = {
  about: 'openSUSE Tumbleweed with NetworkManager and the configuration of sshd below /usr/etc.',
  tree: (() => {
    const { '/etc/ssh/sshd_config': _own, ...rest } = suse({
      id: 'opensuse-tumbleweed',
      name: 'openSUSE Tumbleweed',
      version: '20260410',
      kernel: '6.19.3-1-default',
      uefi: true,
      line: `${delayedLine} quiet`,
    });
    return { ...rest, '/usr/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 0\n' };
  })(),
  shows: ['ssh-client-alive', 'kernel-cmdline-no-quiet'],
};
