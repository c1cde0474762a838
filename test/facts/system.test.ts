import { expect, test } from 'vitest';
import { scanAccounts } from '../../src/facts/accounts.ts';
import { scanSystem } from '../../src/facts/system.ts';
import { recorded } from './recorded.ts';

test('what a clone inherits is found where each family keeps it', async () => {
  const facts = await scanSystem(
    recorded({
      '/etc/selinux/config': '# SELINUX=disabled\nSELINUX=permissive\nSELINUXTYPE=targeted\n',
      '/etc/chrony.conf': 'pool 2.pool.ntp.org iburst\n#refclock PHC /dev/ptp_hyperv\n',
      '/etc/lvm/devices/system.devices':
        '# LVM uses devices listed\nVERSION=1.1.2\nIDTYPE=sys_wwid IDNAME=naa.5 PVID=x\n',
      '/etc/pki/consumer/cert.pem': 'x',
      '/var/log/anaconda/anaconda.log': 'x',
      '/etc/sysctl.d/99-sysrq.conf': 'kernel.sysrq = 1\n',
      '/etc/sysctl.conf': 'kernel/sysrq=0\n',
      '/etc/inittab': 'id:3:initdefault:\n#S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102\n',
      '/etc/systemd/system/serial-getty@ttyS0.service': { link: '/dev/null' },
    }),
  );
  expect(facts).toEqual({
    selinux: {
      mode: 'permissive',
      at: { path: '/etc/selinux/config', line: 2, text: 'SELINUX=permissive' },
      relabels: false,
    },
    chrony: { path: '/etc/chrony.conf', ptp: undefined },
    lvmDevices: { path: '/etc/lvm/devices/system.devices', line: 3, text: 'IDTYPE=sys_wwid IDNAME=naa.5 PVID=x' },
    registrations: ['/etc/pki/consumer/cert.pem', '/var/log/anaconda/anaconda.log'],
    sysrq: { path: '/etc/sysctl.conf', line: 1, text: 'kernel/sysrq=0' },
    serialLogin: {
      masked: '/etc/systemd/system/serial-getty@ttyS0.service',
      on: undefined,
      off: { path: '/etc/inittab', line: 2, text: '#S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102' },
    },
  });
});

test('sudo reads its file and what that includes, in order, and no backups', async () => {
  const { sudoers } = await scanAccounts(
    recorded({
      '/usr/etc/sudoers': 'Defaults targetpw\n@includedir /etc/sudoers.d\n#include other\nroot ALL=(ALL) ALL\n',
      '/usr/etc/other': 'ada ALL=(ALL) ALL\n@include /usr/etc/sudoers\n',
      '/etc/sudoers.d/10-wheel': '%wheel ALL=(ALL) ALL\n',
      '/etc/sudoers.d/old.rpmsave': 'Defaults rootpw\n',
      '/etc/sudoers.d/old~': 'Defaults rootpw\n',
      '/usr/sbin/visudo': 'x',
    }),
  );
  expect(sudoers.main).toBe('/usr/etc/sudoers');
  expect(sudoers.visudo).toBe('/usr/sbin/visudo');
  expect(sudoers.lines.map(({ file, entry }) => [file, entry.line])).toEqual([
    ['/usr/etc/sudoers', 1],
    ['/etc/sudoers.d/10-wheel', 1],
    ['/usr/etc/other', 1],
    ['/usr/etc/sudoers', 4],
  ]);
});

test("keys count by their lines, cloud-init's stub for root does not, nor those of accounts that cannot log in", async () => {
  const stub = 'no-port-forwarding,command="echo \'Please login as the user \\"ada\\"\';sleep 10" ssh-rsa AAAA x\n';
  const { authorizedKeys, firstUid } = await scanAccounts(
    recorded({
      '/etc/passwd':
        'root:x:0:0::/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\nd:x:2:2::/srv/d:/usr/sbin/nologin\n',
      '/etc/login.defs': '#UID_MIN 1\nUID_MIN\t\t  500\n',
      '/root/.ssh/authorized_keys': stub,
      '/home/ada/.ssh/authorized_keys': '# mine\nssh-ed25519 AAAA ada\n\nssh-rsa AAAA two\n',
      '/srv/d/.ssh/authorized_keys': 'ssh-rsa AAAA d\n',
    }),
  );
  expect(authorizedKeys).toEqual([{ user: 'ada', path: '/home/ada/.ssh/authorized_keys', keys: 2 }]);
  expect(firstUid).toBe(500);
});
