import { expect, test } from 'vitest';
import { readDatasourceList } from '../../src/formats/cloud-init.ts';

const file = (name: string, text: string) => ({ path: `/etc/cloud/${name}` as const, text });
const base = file(
  'cloud.cfg',
  'users:\n - default\ndisable_root: true\ncloud_init_modules:\n - migrator\n# datasource_list: [ None ]\n',
);

test('the last file that names a list wins, in one line or several', () => {
  const pinned = file(
    'cloud.cfg.d/90_dpkg.cfg',
    '# to update this file, run dpkg-reconfigure cloud-init\ndatasource_list: [ NoCloud, Azure, None ]\n',
  );
  const azure = file(
    'cloud.cfg.d/91-azure_datasource.cfg',
    'datasource_list:\n  - Azure # this one\ndatasource:\n  Azure:\n    apply_network_config: False\n',
  );
  expect(readDatasourceList([base, pinned])).toEqual({
    list: ['NoCloud', 'Azure', 'None'],
    at: { path: pinned.path, line: 2, text: 'datasource_list: [ NoCloud, Azure, None ]' },
  });
  expect(readDatasourceList([base, pinned, azure])).toMatchObject({
    list: ['Azure'],
    at: { path: azure.path, line: 2 },
  });
  expect(readDatasourceList([base, azure, pinned])?.list).toEqual(['NoCloud', 'Azure', 'None']);
});

test('nothing names one', () => {
  expect(readDatasourceList([base])).toBeUndefined();
  expect(readDatasourceList([])).toBeUndefined();
  expect(readDatasourceList([file('a.cfg', 'datasource:\n  datasource_list: [ Azure ]\n')])).toBeUndefined();
  expect(readDatasourceList([file('a.cfg', 'datasource_list:\n')])).toBeUndefined();
});

test('a single name, and an empty list', () => {
  expect(readDatasourceList([file('a.cfg', 'datasource_list: Azure\n')])?.list).toEqual(['Azure']);
  expect(readDatasourceList([file('a.cfg', 'datasource_list: []\n')])?.list).toEqual([]);
});

test('found in a file that is not understood otherwise', () => {
  expect(readDatasourceList([file('a.cfg', '? x\n: y\ndatasource_list: [ Azure, "None" ]\n')])).toEqual({
    list: ['Azure', 'None'],
    at: { path: '/etc/cloud/a.cfg', line: 3, text: 'datasource_list: [ Azure, "None" ]' },
  });
});
