import type { Distro } from './distro.ts';

export const alpine: Distro = {
  family: 'alpine',
  ids: ['alpine'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'walinuxagent', ssh: 'openssh', install: 'apk add' },
};
