import { expect, test } from 'vitest';
import { readPasswd, readShadow } from '../../src/formats/passwd.ts';

test('accounts; junk is passed over', () => {
  const text =
    'root:x:0:0:root:/root:/bin/bash\n\n+::::::\n#a:x:1:1::/:/bin/sh\nno colon\nu:x:abc:1::/:\nuser:x:1000:1000:A,B:/home/user:/bin/sh\nshort:x:5:5\n';
  expect(readPasswd(text)).toEqual([
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash', line: 1 },
    { name: 'user', uid: 1000, gid: 1000, home: '/home/user', shell: '/bin/sh', line: 7 },
    { name: 'short', uid: 5, gid: 5, home: '', shell: '', line: 8 },
  ]);
});

test('what the second field of shadow means', () => {
  const text =
    'a:!:1::::::\nb:*:1\nc:!!:1\nd:$6$salt$hash:1\ne::1\nf:x:1\ng:!$6$salt$hash:1\nh:*LOCK*:14600::::::\nnothing\n:x:\ni:\n';
  expect(Object.fromEntries(readShadow(text).map(({ name, password }) => [name, password]))).toEqual({
    a: 'locked',
    b: 'locked',
    c: 'locked',
    d: 'set',
    e: 'none',
    f: 'locked',
    g: 'locked',
    h: 'locked',
    i: 'none',
  });
});
