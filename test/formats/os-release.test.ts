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
  ['/etc/debian_version', '12.5\n', 'debian', '12.5'],
  ['/etc/debian_version', 'trixie/sid\n', 'debian', ''],
  ['/etc/alpine-release', '3.20.1\n', 'alpine', '3.20.1'],
])('%s: %j', (file, text, id, version) => expect(readLegacyRelease(file, text)).toMatchObject({ id, version }));

test('what is none of these is not guessed', () => {
  expect(readLegacyRelease('/etc/redhat-release', 'Some Other System 3\n')).toBeUndefined();
  expect(readLegacyRelease('/etc/redhat-release', '\n')).toBeUndefined();
});
