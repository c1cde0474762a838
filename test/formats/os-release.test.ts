import { expect, test } from 'vitest';
import { readLegacyRelease, readOsRelease } from '../../src/formats/os-release.ts';

test('os-release fields, quoted in any way, nothing run', () => {
  const text = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID='12'\nID_LIKE="rhel fedora"\n# c\nEVIL=$(rm -rf /)\nX="a\\$b"\r\n`;
  expect({ ...readOsRelease(text) }).toEqual({
    PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)',
    ID: 'debian',
    VERSION_ID: '12',
    ID_LIKE: 'rhel fedora',
    EVIL: '$(rm -rf /)',
    X: 'a$b',
  });
  expect(readOsRelease('')['constructor']).toBeUndefined();
});

test.each([
  ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.10 (Santiago)\n', 'rhel', '6.10'],
  ['/etc/redhat-release', 'CentOS release 6.10 (Final)\n', 'centos', '6.10'],
  ['/etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\n', 'centos', '7.9.2009'],
  ['/etc/oracle-release', 'Oracle Linux Server release 6.9\n', 'ol', '6.9'],
  ['/etc/redhat-release', 'Rocky Linux release 9.4 (Blue Onyx)\n', 'rocky', '9.4'],
  ['/etc/redhat-release', 'Fedora release 40 (Forty)\n', 'fedora', '40'],
  ['/etc/SuSE-release', 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n', 'sles', '11.4'],
  ['/etc/SuSE-release', 'openSUSE 13.2 (x86_64)\nVERSION = 13.2\nCODENAME = Harlequin\n', 'opensuse', '13.2'],
  ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.3 (Santiago)\n', 'rhel', '6.3'],
  ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n', 'rhel', '5.11'],
  ['/etc/redhat-release', 'CentOS release 5.11 (Final)\n', 'centos', '5.11'],
  ['/etc/redhat-release', 'Scientific Linux release 6.10 (Carbon)\n', 'scientific', '6.10'],
  ['/etc/redhat-release', 'Scientific Linux SL release 5.11 (Boron)\n', 'scientific', '5.11'],
  ['/etc/redhat-release', 'CentOS Stream release 9\n', 'centos', '9'],
  ['/etc/redhat-release', 'AlmaLinux release 8.10 (Cerulean Leopard)\n', 'almalinux', '8.10'],
  ['/etc/enterprise-release', 'Enterprise Linux Enterprise Linux Server release 5.5 (Carthage)\n', 'ol', '5.5'],
  ['/etc/SuSE-release', 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 0\n', 'sles', '11'],
  [
    '/etc/lsb-release',
    'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n',
    'ubuntu',
    '10.04',
  ],
  ['/etc/debian_version', '12.5\n', 'debian', '12.5'],
  ['/etc/debian_version', 'trixie/sid\n', 'debian', ''],
  ['/etc/alpine-release', '3.20.1\n', 'alpine', '3.20.1'],
])('%s: %j', (file, text, id, version) => expect(readLegacyRelease(file, text)).toMatchObject({ id, version }));

test('what is none of these is not guessed', () => {
  expect(readLegacyRelease('/etc/redhat-release', 'Some Other System 3\n')).toBeUndefined();
  expect(readLegacyRelease('/etc/redhat-release', '\n')).toBeUndefined();
  expect(readLegacyRelease('/etc/lsb-release', 'LSB_VERSION=base-4.0-amd64\n')).toBeUndefined();
});
