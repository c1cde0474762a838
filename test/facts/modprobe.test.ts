import { expect, test } from 'vitest';
import { scanModprobe } from '../../src/facts/modprobe.ts';
import { recorded } from './recorded.ts';

test('a file in a more important folder hides the same name below, also when it is switched off', async () => {
  const blocks = await scanModprobe(
    recorded({
      '/usr/lib/modprobe.d/10-a.conf': 'blacklist hv_vmbus\n',
      '/usr/lib/modprobe.d/20-b.conf': 'blacklist hv_storvsc\n',
      '/usr/lib/modprobe.d/30-c.conf': 'blacklist floppy\n',
      '/etc/modprobe.d/10-a.conf': '# nothing\n',
      '/etc/modprobe.d/20-b.conf': { link: '/dev/null' },
      '/etc/modprobe.d/cis.conf': 'install udf /bin/true\n',
      '/etc/modprobe.d/cis.conf.bak': 'install vfat /bin/true\n',
      '/lib': { link: 'usr/lib' },
    }),
  );
  expect(blocks.map(({ module, how, at }) => [module, how, at.path, at.line])).toEqual([
    ['floppy', 'blacklist', '/usr/lib/modprobe.d/30-c.conf', 1],
    ['udf', 'install', '/etc/modprobe.d/cis.conf', 1],
  ]);
});

test('the single file of old systems counts', async () => {
  expect(await scanModprobe(recorded({ '/etc/modprobe.conf': 'alias eth0 vmxnet\nblacklist udf\n' }))).toEqual([
    { module: 'udf', how: 'blacklist', at: { path: '/etc/modprobe.conf', line: 2, text: 'blacklist udf' } },
  ]);
});
