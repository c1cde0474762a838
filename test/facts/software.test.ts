import { expect, test } from 'vitest';
import { scanSoftware } from '../../src/facts/software.ts';
import { osFacts, recorded, withFamily } from './recorded.ts';

test('programs are found where families keep them, and package sources in the files of the package manager', async () => {
  const files = recorded({
    '/usr/sbin/sfdisk': 'x',
    '/usr/bin/openssl': 'x',
    '/usr/bin/opensslx': 'x',
    '/usr/local/bin/growpart': 'x',
    '/usr/lib/hyper-v/bin/hv_kvp_daemon': 'x',
    '/etc/apt/sources.list': '# nothing here\ndeb http://deb.debian.org/debian bookworm main\n',
    '/etc/apt/sources.list.d/more.sources': 'Types: deb\nURIs: http://x.example/\nSuites: sid\nEnabled: no\n',
    '/etc/apt/sources.list.d/old.list.save': 'deb http://old.example/ jessie main\n',
    '/etc/yum.repos.d/a.repo': '[a]\nbaseurl=http://a.example/\n',
    '/etc/modules-load.d/kvm.conf': 'virtio_net\n',
  });
  expect(await scanSoftware(files, osFacts())).toEqual({
    programs: {
      sfdisk: '/usr/sbin/sfdisk',
      openssl: '/usr/bin/openssl',
      growpart: '/usr/local/bin/growpart',
      hv_kvp_daemon: '/usr/lib/hyper-v/bin/hv_kvp_daemon',
    },
    sources: [
      {
        ...{ id: 'bookworm', address: 'http://deb.debian.org/debian', enabled: true },
        at: { path: '/etc/apt/sources.list', line: 2 },
      },
      {
        ...{ id: 'sid', address: 'http://x.example/', enabled: false },
        at: { path: '/etc/apt/sources.list.d/more.sources', line: 1 },
      },
    ],
  });
  expect(files.seen().texts['/etc/modules-load.d/kvm.conf']).toBe('virtio_net\n');
});

test('where nobody knows the package manager there is no answer, which is another than none', async () => {
  const tree = { '/etc/portage/repos.conf': '[gentoo]\n' } as const;
  expect((await scanSoftware(recorded(tree), withFamily('unknown'))).sources).toBeUndefined();
  expect((await scanSoftware(recorded(tree), withFamily('alpine'))).sources).toEqual([]);
});
