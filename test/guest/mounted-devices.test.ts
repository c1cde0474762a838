import { expect, test } from 'vitest';
import { inPrivateMounts } from './in-private-mounts.ts';
import { makeFolder } from './temporary-root.ts';

test('the UUID of a mounted root is that of its own file system, and of nothing that this machine has elsewhere', () => {
  const root = {
    at: '/',
    type: 'ext4',
    uuid: '01234567-89ab-cdef-0123-456789abcdef',
    partuuid: 'abc-01',
  };
  expect(inPrivateMounts('mounted-devices', makeFolder())).toEqual({
    found: [root],
    plain: [],
    // Undefined is not written to JSON.
    unnamed: [{ at: '/', type: 'ext4' }],
    shared: [],
    bound: [],
  });
});
