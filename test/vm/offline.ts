import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRoot } from '../../scripts/guest/build-root.ts';
import { removeTree } from '../../scripts/guest/cache.ts';
import { makeImage } from '../../scripts/guest/image.ts';
import { inGuest } from '../../scripts/guest/in-guest.ts';
import { firmwareOf } from '../../scripts/guest/layout.ts';
import { boot } from '../../scripts/guest/qemu.ts';
import { type GuestRecipe, rootArgument, type SpoiledGuest, spoiledGuest } from '../../scripts/guest/spoiled-guest.ts';
import { agentView } from '../lib/agent-view.ts';
import { hostState } from '../lib/host-state.ts';
import { account, failing, prepGuest } from '../lib/prep-guest.ts';
import { readTree, treeChanges } from '../lib/tree.ts';
import { kernelLines } from './kernel-lines.ts';

const minute = 60_000;

/** What the article would say of a spoiled guest, by the ids of the checks. */
function spoiledThings(recipe: GuestRecipe): string[] {
  const things = [
    ...['initrd-hv-modules', 'initrd-persistent-config', 'swap-none-on-os-disk', 'shell-history-clean'],
    ...['kernel-cmdline-no-rhgb', 'kernel-cmdline-no-quiet', 'kernel-cmdline-no-crashkernel-auto'],
    ...['kernel-cmdline-console', 'kernel-cmdline-earlyprintk', 'udev-no-persistent-net'],
    ...['waagent-conf-resourcedisk', 'waagent-conf-provisioning'],
  ];
  const resumes = recipe.initrd === 'initramfs-tools' && recipe.swap === 'partition';
  return resumes ? [...things, 'kernel-cmdline-no-stale-resume'] : things;
}

/** The main job from another machine: one root goes from spoiled to sealed, and is then booted. */
export function describeOfflineApply(recipe: GuestRecipe): void {
  describe('prepared from another machine', () => {
    let work: string;
    let root: string;
    let guest: SpoiledGuest;
    const inside = (file: string) => path.join(root, file);
    const text = (file: string) => readFile(inside(file), 'utf8');
    const program = (args: readonly string[]) =>
      prepGuest([...args, '--root', root, '--log-file', path.join(work, 'prep-guest.log')]);

    beforeAll(async () => {
      guest = await spoiledGuest(recipe);
      work = await mkdtemp(path.join(tmpdir(), 'prep-guest-vm-'));
      root = path.join(work, 'root');
      await unpackRoot(guest.tarball, root);
    }, 10 * minute);

    afterAll(async () => {
      if (work) await removeTree(work);
    }, minute);

    it('check names everything that was spoiled, and writes nothing', { timeout: 2 * minute }, async () => {
      const before = await readTree(root);
      const ran = await program(['check']);
      expect(ran.code, account(ran)).toBe(1);
      expect(failing(ran.report)).toEqual(expect.arrayContaining(spoiledThings(recipe)));
      expect(ran.report?.verdict).toBe('not-ready');
      expect(treeChanges(before, await readTree(root))).toEqual([]);
    });

    it('--apply prepares and seals it, and leaves this machine alone', { timeout: 5 * minute }, async () => {
      const before = await hostState();
      const ran = await program(['--apply', '--yes']);
      expect(await hostState()).toEqual(before);
      expect(ran.code, account(ran)).toBe(0);
      expect(ran.report?.run).toMatchObject({ sealed: true });
      expect(ran.report?.run?.changed).toBeGreaterThan(5);
      expect(ran.report?.verdict).toBe('ready');
    });

    it("the guest's own tools list the Hyper-V drivers in every initrd", { timeout: minute }, async () => {
      const lister = recipe.initrd === 'dracut' ? 'lsinitrd' : 'lsinitramfs';
      // kernel-install keeps copies on the ESP, and those are what starts.
      const names = await readdir(inside('boot'), { recursive: true });
      for (const kernel of await readdir(inside('lib/modules'))) {
        const builtin = await text(`lib/modules/${kernel}/modules.builtin`);
        const drivers = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc'].filter((name) => !builtin.includes(`/${name}.ko`));
        expect(drivers).toContain('hv_storvsc');
        const images = names.filter((name) => path.basename(name) === `initrd.img-${kernel}`);
        expect(images).toHaveLength(recipe.loader === 'systemd-boot' ? 2 : 1);
        for (const image of images) {
          const listed = await inGuest(root, [lister, `/boot/${image}`]);
          const modules = listed.split('\n').filter((line) => line.includes(`lib/modules/${kernel}/`));
          for (const driver of drivers)
            expect(
              modules.filter((line) => line.includes(`/${driver}.ko`)),
              `${driver} in ${image}`,
            ).toHaveLength(1);
          expect(listed).toMatch(/\/ahci\.ko/);
        }
      }
    });

    it('the kernel line is right in what is generated and in what it is generated from', async () => {
      const lines = kernelLines[recipe.loader];
      const entries = await lines.made(root);
      const normal = entries.filter((args) => !args.includes('single'));
      expect(normal.length).toBeGreaterThanOrEqual(lines.least);
      for (const args of normal) {
        expect(args).toEqual(expect.arrayContaining([rootArgument(recipe), 'ro', 'console=ttyS0,115200n8']));
        expect(args.filter((arg) => arg.startsWith('earlyprintk='))).toEqual(['earlyprintk=ttyS0,115200']);
      }
      for (const args of entries) {
        expect(args.filter((arg) => /^(?:rhgb|quiet|crashkernel=auto)$/.test(arg))).toEqual([]);
        // Debian's initramfs-tools sleeps for all of it at every boot; dracut does not look at it.
        if (recipe.initrd === 'initramfs-tools') expect(args).not.toContain('rootdelay=300');
      }
      const next = new Set([rootArgument(recipe), 'ro', ...(await lines.next(root))]);
      expect([...next].sort()).toEqual([...(normal[0] ?? [])].sort());
    });

    it('swap is off, and the rest of fstab is as it was', async () => {
      const lines = (await text('etc/fstab')).split('\n');
      expect(lines.filter((line) => /^[^#]\S*\s+\S+\s+swap\s/.test(line))).toEqual([]);
      expect(lines).toContainEqual(
        expect.stringMatching(/^(?:UUID=|\/dev\/mapper\/)\S+ \/ +ext[34] +errors=remount-ro 0 +1$/),
      );
      expect(lines).toContain('# swap was made during installation');
      expect(lines).toContainEqual(expect.stringMatching(/^\/dev\/sr0\s/));
    });

    it('the agent itself reads the settings of the article', { timeout: minute }, async () => {
      expect(await agentView(root)).toEqual({
        format: true,
        filesystem: 'ext4',
        mountPoint: '/mnt/resource',
        enableSwap: true,
        swapSizeMB: 2048,
        provisioningAgent: expect.stringMatching(/^(?:auto|waagent)$/),
        regenerateHostKeys: true,
        deleteRootPassword: true,
      });
    });

    it('nothing of the old machine is left', async () => {
      expect((await readdir(inside('etc/ssh'))).filter((name) => name.startsWith('ssh_host_'))).toEqual([]);
      expect(await readdir(inside('var/lib/dhcp'))).toEqual([]);
      expect(await readdir(inside('etc/udev/rules.d'))).not.toContain('70-persistent-net.rules');
      for (const file of ['root/.bash_history', 'home/builder/.bash_history']) expect(await bytes(file)).toBe(0);
      expect(await bytes('var/lib/systemd/random-seed')).toBe(0);
      expect(await text('etc/hostname')).toBe('localhost.localdomain');
      expect((await text('etc/machine-id')).trim()).toMatch(/^(?:uninitialized)?$/);
      expect(await text('etc/shadow')).toMatch(/^root:[*!]/m);
      // The originals hold what was removed: they may not stay in an image.
      const kept = (await readdir(inside('var/lib/prep-guest'), { recursive: true })).filter((name) =>
        /originals\/./.test(name),
      );
      expect(kept).toEqual([]);
    });

    it('a second --apply changes nothing', { timeout: 3 * minute }, async () => {
      const before = await readTree(root, { without: ['/var/lib/prep-guest'] });
      const ran = await program(['--apply', '--yes']);
      expect(ran.code, account(ran)).toBe(0);
      expect(ran.report?.run?.changed).toBe(0);
      expect(treeChanges(before, await readTree(root, { without: ['/var/lib/prep-guest'] }))).toEqual([]);
    });

    it('boots, with its kernel log and a login prompt on ttyS0', { timeout: 6 * minute }, async () => {
      const image = path.join(work, 'disk.img');
      await makeImage(root, image, guest.layout, guest.headers);
      const firmware = firmwareOf(guest.layout);
      const result = await boot({
        image,
        firmware,
        until: [/Linux version/, /Command line:.*console=ttyS0/, /login: /],
      });
      expect(result.ended, `${result.why}\n${result.ttyS0.slice(-3000)}`).toBe('seen');
    });

    async function bytes(file: string): Promise<number> {
      return stat(inside(file)).then(
        (found) => found.size,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return 0;
          throw error;
        },
      );
    }
  });
}
