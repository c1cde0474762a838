import { chmod, copyFile, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRoot } from '../../scripts/guest/build-root.ts';
import { removeTree } from '../../scripts/guest/cache.ts';
import { makeImage, withMountedImage } from '../../scripts/guest/image.ts';
import { layouts } from '../../scripts/guest/layout.ts';
import { boot } from '../../scripts/guest/qemu.ts';
import { guests, spoiledGuest } from '../../scripts/guest/spoiled-guest.ts';
import { twists } from '../../scripts/guest/twists.ts';
import { account, binary, prepGuest } from '../lib/prep-guest.ts';

const minute = 60_000;

/** Runs once the machine is up. What it prints goes to ttyS1: a getty that starts on ttyS0 hangs up whoever writes there. */
const unit = `[Unit]
Description=Prepare this machine for Azure
After=multi-user.target
OnFailure=poweroff.target

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'exec /usr/local/bin/prep-guest --apply --yes --poweroff --no-color >/dev/ttyS1 2>&1'
ExecStopPost=/bin/sh -c 'echo "prep-guest ended with $$EXIT_STATUS" >/dev/ttyS1'

[Install]
WantedBy=multi-user.target
`;

/** Building the initrd takes most of the time here, and with every module it takes minutes: that is asked for by name. */
describeLive('with a list of modules', twists['listed-modules']);
if (process.env.PREP_GUEST_SLOW) describeLive('with MODULES=dep', async () => {});
else
  it('bookworm with MODULES=dep, prepared from inside while it runs', ({ skip }) =>
    skip('takes minutes without KVM; PREP_GUEST_SLOW=1 runs it'));

function describeLive(how: string, twist: (root: string) => Promise<void>): void {
  describe(`bookworm ${how}, prepared from inside while it runs`, () => {
    let work: string;
    let image: string;

    beforeAll(async () => {
      const guest = await spoiledGuest(guests.bookworm);
      work = await mkdtemp(path.join(tmpdir(), 'prep-guest-vm-'));
      const root = path.join(work, 'root');
      image = path.join(work, 'disk.img');
      await unpackRoot(guest.tarball, root);
      await copyFile(binary, path.join(root, 'usr/local/bin/prep-guest'));
      await chmod(path.join(root, 'usr/local/bin/prep-guest'), 0o755);
      await writeFile(path.join(root, 'etc/systemd/system/prepare.service'), unit);
      await symlink(
        '../prepare.service',
        path.join(root, 'etc/systemd/system/multi-user.target.wants/prepare.service'),
      );
      await twist(root);
      await makeImage(root, image, guest.layout, guest.headers);
      await removeTree(root);
    }, 10 * minute);

    afterAll(async () => {
      if (work) await removeTree(work);
    }, minute);

    it('does the whole job and powers off', { timeout: 16 * minute }, async () => {
      const result = await boot({ image, snapshot: false, seconds: 900 });
      expect(result.ended, `${result.why}\n${result.ttyS1.slice(-3000)}`).toBe('powered-off');
      expect(result.ttyS1).toContain('SEALED');
      // The shutdown that it asked for may be quicker than its own end.
      expect(result.ttyS1).toMatch(/prep-guest ended with (?:0|TERM)/);
    });

    it('has left an image that is ready and sealed', { timeout: 3 * minute }, async () => {
      await withMountedImage(image, layouts[guests.bookworm.disk], async ({ space, root, seen }) => {
        const ran = await prepGuest(['check', '--root', root], { enter: space.enter });
        expect(ran.code, account(ran)).toBe(0);
        expect(await readFile(path.join(seen, 'etc/fstab'), 'utf8')).not.toMatch(/^[^#]\S*\s+\S+\s+swap\s/m);
        expect(await readFile(path.join(seen, 'etc/hostname'), 'utf8')).toBe('localhost.localdomain');
        expect(await readFile(path.join(seen, 'etc/shadow'), 'utf8')).toMatch(/^root:[*!]/m);
        const keys = await space.run(['sh', '-c', `ls ${root}/etc/ssh/ssh_host_* ${root}/root/.bash_history`]);
        expect(keys.stdout).toBe('');
      });
    });

    it('boots, with its kernel log and a login prompt on ttyS0', { timeout: 6 * minute }, async () => {
      const result = await boot({ image, until: [/Linux version/, /Command line:.*console=ttyS0/, /login: /] });
      expect(result.ended, `${result.why}\n${result.ttyS0.slice(-3000)}`).toBe('seen');
    });
  });
}
