import type { Facts } from '../../src/model.ts';
import { type Bendable, setting, unit } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

const config = '/etc/ssh/sshd_config' as const;
const alive = (path: `/${string}`) => ({
  kind: 'setting' as const,
  path,
  as: 'sshd' as const,
  key: 'ClientAliveInterval',
  value: '180',
});

function interval(value: string) {
  return (facts: Bendable<Facts>) => {
    facts.ssh.settings['clientaliveinterval'] = setting(value, config, 5, `ClientAliveInterval ${value}`);
  };
}

export const ssh: Cases = {
  'ssh-server-installed': [
    { guest: 'with a server', is: 'pass' },
    {
      guest: 'without a server',
      bend: (f) => {
        f.ssh.server = undefined;
      },
      is: 'fail',
      severity: 'must',
      advice: /apt-get install openssh-server/,
    },
    {
      guest: 'of SUSE without a server',
      bend: (f) => {
        f.ssh.server = undefined;
        f.os.distro.family = 'suse';
      },
      is: 'fail',
      advice: /zypper install openssh/,
    },
    {
      guest: 'with a server and no configuration',
      bend: (f) => {
        f.ssh.config = undefined;
      },
      is: 'fail',
      says: /no configuration/,
    },
  ],
  'ssh-server-enabled': [
    { guest: 'whose server starts', is: 'pass' },
    {
      guest: 'without a server',
      bend: (f) => {
        f.ssh.server = undefined;
      },
      is: 'not-applicable',
    },
    {
      guest: 'whose server does not start',
      bend: (f) => {
        f.ssh.unit = unit('ssh.service', { enabled: false });
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'unit', name: 'ssh.service', state: 'enabled' }],
    },
    {
      guest: 'whose server is masked',
      bend: (f) => {
        f.ssh.unit = unit('ssh.service', { masked: true });
      },
      is: 'fail',
      says: /masked/,
    },
    {
      guest: 'of sysv whose server does not start',
      bend: (f) => {
        f.ssh.unit = unit('sshd', { enabled: false });
        f.os.init = 'sysv';
      },
      is: 'fail',
      wants: [{ kind: 'unit', name: 'sshd', state: 'enabled' }],
    },
    {
      guest: 'of sysv whose server does not start, by a script that does not say when',
      bend: (f) => {
        f.ssh.unit = unit('sshd', { enabled: false, at: undefined });
        f.os.init = 'sysv';
      },
      is: 'fail',
      wants: [],
      advice: /chkconfig sshd on/,
    },
    {
      guest: 'whose unit file was not found',
      bend: (f) => {
        f.ssh.unit = unit('ssh.service', { enabled: false, at: undefined });
      },
      is: 'fail',
      wants: [],
      advice: /systemctl enable/,
    },
  ],
  'ssh-client-alive': [
    { guest: 'with 180', is: 'pass' },
    { guest: 'with 3m', bend: interval('3m'), is: 'pass', says: /180 s/ },
    { guest: 'with 235', bend: interval('235'), is: 'pass' },
    { guest: 'with 236', bend: interval('236'), is: 'fail', severity: 'should', wants: [alive(config)] },
    { guest: 'with 0', bend: interval('0'), is: 'fail' },
    {
      guest: 'without it',
      bend: (f) => {
        f.ssh.settings = {};
      },
      is: 'fail',
      wants: [alive(config)],
    },
    {
      guest: 'with it in a drop-in',
      bend: (f) => {
        f.ssh.settings['clientaliveinterval'] = setting('600', '/etc/ssh/sshd_config.d/50-x.conf');
      },
      is: 'fail',
      wants: [alive('/etc/ssh/sshd_config.d/50-x.conf')],
    },
    {
      guest: 'of SLES 16, whose package keeps the file below /usr',
      bend: (f) => {
        f.ssh.config = '/usr/etc/ssh/sshd_config';
        f.ssh.settings = {};
        f.texts['/usr/etc/ssh/sshd_config'] = '# vendor\nInclude /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n';
      },
      is: 'fail',
      wants: [alive('/etc/ssh/sshd_config.d/10-azure.conf')],
    },
    {
      guest: 'whose file below /usr includes nothing first',
      bend: (f) => {
        f.ssh.config = '/usr/etc/ssh/sshd_config';
        f.ssh.settings = {};
        f.texts['/usr/etc/ssh/sshd_config'] = 'UsePAM yes\nInclude /etc/ssh/sshd_config.d/*.conf\n';
      },
      is: 'fail',
      wants: [],
      advice: /read before \/usr\/etc/,
    },
    {
      guest: 'whose file is a link',
      bend: (f) => {
        f.ssh.settings = {};
        f.links[config] = '/srv/sshd_config';
      },
      is: 'fail',
      wants: [alive('/srv/sshd_config')],
    },
    {
      guest: 'without it, by the article',
      bend: (f) => {
        f.ssh.settings = {};
      },
      policy: { profile: 'seed-2018' },
      is: 'not-applicable',
    },
    {
      guest: 'with an unreadable drop-in',
      bend: (f) => {
        f.unreadable['/etc/ssh/sshd_config.d/a.conf'] = 'a FIFO';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
};
