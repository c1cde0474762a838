import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

export const guest: PhonyGuest = {
  about:
    'Ubuntu 24.04 that migrates as the one machine it is: accounts with passwords and the provisioning agent are left alone.',
  tree: {
    ...ubuntu({ version: '24.04', kernel: '6.8.0-51-generic', line: 'quiet splash' }),
    '/etc/shadow': { content: 'root:*:19700:0:99999:7:::\nada:$6$salt$hash:19700:0:99999:7:::\n', mode: 0o600 },
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n',
    '/home/ada/.bash_history': { content: 'ls\n', mode: 0o600 },
  },
  policy: { mode: 'specialized' },
  shows: ['kernel-cmdline-console'],
};
