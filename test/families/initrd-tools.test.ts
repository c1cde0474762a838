import { describe, expect, test } from 'vitest';
import { remedy } from '../../src/checks/fixable.ts';
import {
  asksFor,
  detectInitrdTool,
  genericBecause,
  initrdAdvice,
  initrdBuild,
  initrdConfigEdits,
  initrdFaults,
  whyNotAdded,
} from '../../src/families/initrd/index.ts';
import type { Facts, GuestPath } from '../../src/model.ts';
import { osFacts, recorded } from '../facts/recorded.ts';
import { type Bendable, debianFacts, kernel } from '../lib/facts.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';

const three = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc'];
const program = { content: '#!/bin/bash\n', mode: 0o755 } as const;

/** Facts of a guest that has this tree, with the tool as it is found there. */
async function factsOf(tree: PhonyTree, bend: (facts: Bendable<Facts>) => void = () => {}): Promise<Facts> {
  const files = recorded(tree);
  const tool = await detectInitrdTool(files, osFacts());
  const { texts } = files.seen();
  return debianFacts((facts) => {
    facts.initrdTool = tool as Bendable<typeof tool>;
    Object.assign(facts.texts, texts);
    bend(facts);
  });
}

/** The files that name drivers, after these were asked for; what is not changed is left out. */
async function edited(tree: PhonyTree, drivers: readonly string[] = three): Promise<Record<string, string | null>> {
  const facts = await factsOf(tree);
  const edits = initrdConfigEdits(drivers, facts);
  if (typeof edits === 'string') throw new Error(edits);
  const now: Record<GuestPath, string | null> = {};
  for (const { path, change } of edits) now[path] = change(now[path] ?? facts.texts[path] ?? null);
  return Object.fromEntries(Object.entries(now).filter(([path, text]) => text !== facts.texts[path as GuestPath]));
}

/** The same tree with what was edited in it. */
function after(tree: PhonyTree, edits: Record<string, string | null>): PhonyTree {
  const mode = (path: string) => (path.startsWith('/etc/sysconfig/mkinitrd/') ? 0o755 : 0o644);
  const files = Object.entries(edits).map(([path, content]) => [path, { content: content ?? '', mode: mode(path) }]);
  return { ...tree, ...Object.fromEntries(files) };
}

/** Done once the drivers are asked for, and a second time nothing changes. */
async function lasts(tree: PhonyTree): Promise<void> {
  const done = after(tree, await edited(tree));
  const facts = await factsOf(done);
  const [one] = facts.kernels;
  expect(three.filter((name) => one && asksFor(name, one, facts.initrdTool))).toEqual(three);
  expect(await edited(done)).toEqual({});
}

async function kindOf(tree: PhonyTree): Promise<string> {
  return (await detectInitrdTool(recorded(tree), osFacts())).kind;
}

describe('which tool makes the images', () => {
  test.each<[string, PhonyTree, string]>([
    ['RHEL 6, whose mkinitrd calls dracut', { '/sbin/mkinitrd': program, '/sbin/dracut': program }, 'dracut'],
    ['RHEL 5', { '/sbin/mkinitrd': program }, 'mkinitrd'],
    ['Arch with dracut beside', { '/usr/bin/mkinitcpio': program, '/usr/bin/dracut': program }, 'mkinitcpio'],
    ['Alpine', { '/sbin/mkinitfs': program }, 'mkinitfs'],
    [
      'Debian with dracut-core for another purpose',
      {
        '/usr/bin/dracut': program,
        '/usr/sbin/mkinitramfs': program,
        '/usr/sbin/update-initramfs': '#!/bin/sh\nmkinitramfs -o "$initramfs.new" "$version"\n',
      },
      'initramfs-tools',
    ],
    [
      'Ubuntu 26.04, where update-initramfs is that of dracut',
      {
        '/usr/bin/dracut': program,
        '/usr/sbin/mkinitramfs': program,
        '/usr/sbin/update-initramfs': '#!/bin/sh\ndracut --force "$initramfs.new" "$version"\n',
      },
      'dracut',
    ],
    ['none', {}, 'unknown'],
  ])('%s', async (_, tree, kind) => {
    expect(await kindOf(tree)).toBe(kind);
  });
});

describe('dracut', () => {
  const current = '#!/bin/bash\n  -H, --hostonly\n  -N, --no-hostonly\n  --no-hostonly-cmdline\n';

  test('traps 23 and 26: no image is made for the machine of the build alone, nor with its root device', async () => {
    const facts = await factsOf({ '/usr/bin/dracut': current });
    expect(initrdBuild(facts.kernels[0]?.version ?? '', facts)).toEqual([
      '/usr/bin/dracut',
      ...['--force', '--no-hostonly', '--no-hostonly-cmdline', '{out}', '6.1.0-32-amd64'],
    ]);
  });

  test('version 004 of RHEL 6 is called without options that it would refuse', async () => {
    const old = '#!/bin/bash\n  -H, --hostonly        Host-Only mode\n  --no-kernel\n';
    const facts = await factsOf({ '/sbin/dracut': old, '/sbin/mkinitrd': program });
    expect(initrdBuild('6.1.0-32-amd64', facts)).toEqual(['/sbin/dracut', '--force', '{out}', '6.1.0-32-amd64']);
    expect(initrdAdvice('2.6.32-754.el6.x86_64', three, facts.initrdTool)).toMatch(
      /dracut -f \/boot\/initramfs-2\.6\.32-754\.el6\.x86_64\.img 2\.6\.32-754\.el6\.x86_64$/,
    );
  });

  test('trap 22: the line that is added keeps its blanks, and lasts', async () => {
    const tree = { '/usr/bin/dracut': current, '/etc/dracut.conf': 'add_drivers+="virtio_blk"\n' };
    expect(await edited(tree)).toEqual({
      '/etc/dracut.conf.d/azure.conf': 'add_drivers+=" hv_vmbus hv_storvsc hv_netvsc "\n',
    });
    await lasts(tree);
  });

  test('drivers=, which keeps all others out, is for a person to widen', async () => {
    const facts = await factsOf({ '/usr/bin/dracut': current, '/etc/dracut.conf': 'drivers=" virtio_blk "\n' });
    expect(initrdConfigEdits(three, facts)).toMatch(/drivers= .* by hand/);
  });
});

describe('initramfs-tools', () => {
  test('update_initramfs=no, with which update-initramfs -u does nothing and succeeds, is a fault', async () => {
    const path = '/etc/initramfs-tools/update-initramfs.conf';
    const tree = { '/usr/sbin/mkinitramfs': program, [path]: 'update_initramfs=no\n' };
    const [fault] = initrdFaults((await factsOf(tree)).initrdTool);
    expect(fault?.says).toMatch(/update_initramfs=no .* exit code 0/);
    expect(initrdFaults((await factsOf({ ...tree, [path]: 'update_initramfs=all\n' })).initrdTool)).toEqual([]);
  });
});

describe('mkinitrd of RHEL 5', () => {
  const rhel5 = { '/sbin/mkinitrd': program, '/etc/modprobe.conf': 'alias scsi_hostadapter mptbase\n' };

  test("the article's own call, with no driver that the kernel does not have", async () => {
    const facts = await factsOf(rhel5);
    expect(initrdBuild('6.1.0-32-amd64', facts)).toEqual([
      '/sbin/mkinitrd',
      ...['--preload=hv_vmbus', '--preload=hv_storvsc', '--with=hv_netvsc', '--with=sd_mod', '-v', '-f', '{out}'],
      '6.1.0-32-amd64',
    ]);
    const bare = await factsOf(rhel5, (f) => {
      f.kernels = [kernel({ modules: { is: 'there', value: { hv_storvsc: 'kernel/x.ko' } } })];
    });
    expect(initrdBuild('6.1.0-32-amd64', bare)).not.toContain('--preload=hv_vmbus');
  });

  test('later images: an executable file that mkinitrd sources', async () => {
    expect(await edited(rhel5)).toEqual({
      '/etc/sysconfig/mkinitrd/azure': 'MODULES+=" hv_vmbus hv_storvsc hv_netvsc "\n',
    });
    const edits = initrdConfigEdits(three, await factsOf(rhel5));
    expect(typeof edits === 'string' ? edits : edits[0]?.mode).toBe(0o755);
    await lasts(rhel5);
  });

  test('host adapters of modprobe.conf come along, files that are not executable do not', async () => {
    const facts = await factsOf({
      '/sbin/mkinitrd': program,
      '/etc/modprobe.conf': 'alias eth0 hv_netvsc\nalias scsi_hostadapter1 hv-storvsc\n',
      '/etc/sysconfig/mkinitrd/on': { content: 'PREMODS="hv_vmbus"\n', mode: 0o755 },
      '/etc/sysconfig/mkinitrd/off': { content: 'MODULES+=" hv_netvsc "\n', mode: 0o644 },
    });
    const [one] = facts.kernels;
    expect(three.filter((name) => one && asksFor(name, one, facts.initrdTool))).toEqual(['hv_vmbus', 'hv_storvsc']);
  });
});

describe('mkinitrd of SUSE 11', () => {
  const config =
    '## Type: string\n# loaded in this order\nINITRD_MODULES="ata_piix ata_generic"\n\nDOMU_INITRD_MODULES="xennet"\n';
  const sles11 = { '/sbin/mkinitrd': program, '/etc/sysconfig/kernel': config };

  test('INITRD_MODULES gets more at its end; comments, order and the other variable stay', async () => {
    expect(await edited(sles11)).toEqual({
      '/etc/sysconfig/kernel': config.replace('ata_generic"', 'ata_generic hv_vmbus hv_storvsc hv_netvsc"'),
    });
    await lasts(sles11);
    await lasts({ ...sles11, '/etc/sysconfig/kernel': 'INITRD_MODULES=""\n' });
  });

  test('the kernel and the image are named, and the boot loader is left alone', async () => {
    expect(initrdBuild('6.1.0-32-amd64', await factsOf(sles11))).toEqual([
      '/sbin/mkinitrd',
      ...['-B', '-b', '/boot', '-k', 'vmlinuz-6.1.0-32-amd64', '-i', '{name}'],
    ]);
  });

  test('a kernel whose image is not known cannot be given to it', async () => {
    const facts = await factsOf(sles11, (f) => {
      f.kernels = [kernel({ image: undefined })];
    });
    expect(initrdBuild('6.1.0-32-amd64', facts)).toMatch(/image was not found/);
  });
});

describe('mkinitcpio', () => {
  const stock =
    '# MODULES\n#     MODULES=(usbhid)\nMODULES=()\nBINARIES=()\nHOOKS=(base udev autodetect block filesystems)\n';
  const arch = { '/usr/bin/mkinitcpio': program, '/etc/mkinitcpio.conf': stock };

  test('MODULES=() is filled where it stands', async () => {
    expect(await edited(arch)).toEqual({
      '/etc/mkinitcpio.conf': stock.replace('\nMODULES=()', '\nMODULES=(hv_vmbus hv_storvsc hv_netvsc)'),
    });
    await lasts(arch);
  });

  test('several lines with comments and quotes stay as they are', async () => {
    const several = 'MODULES=(\n  ext4   # root\n  "hv-vmbus"\n)\nHOOKS=(base autodetect block)\n';
    const tree = { ...arch, '/etc/mkinitcpio.conf': several };
    expect(await edited(tree)).toEqual({
      '/etc/mkinitcpio.conf': several.replace('\n)\nHOOKS', '\nhv_storvsc hv_netvsc\n)\nHOOKS'),
    });
    await lasts(tree);
  });

  test('a drop-in that begins MODULES anew is the one that counts', async () => {
    const tree = { ...arch, '/etc/mkinitcpio.conf.d/10-own.conf': 'MODULES=(btrfs)\n' };
    expect(Object.keys(await edited(tree))).toEqual(['/etc/mkinitcpio.conf.d/10-own.conf']);
    await lasts(tree);
  });

  test('drop-ins are left aside by presets that name a configuration', async () => {
    const tree = {
      ...arch,
      '/etc/mkinitcpio.conf.d/azure.conf': 'MODULES+=(hv_vmbus hv_storvsc hv_netvsc)\n',
      '/etc/mkinitcpio.d/linux.preset': 'ALL_config="/etc/mkinitcpio.conf"\nPRESETS=(default)\n',
    };
    expect(Object.keys(await edited(tree))).toEqual(['/etc/mkinitcpio.conf']);
    await lasts(tree);
    const free = { ...tree, '/etc/mkinitcpio.d/linux.preset': '#ALL_config="/etc/mkinitcpio.conf"\n' };
    expect(await edited(free)).toEqual({});
  });

  test('a preset that names another configuration is a fault', async () => {
    const preset = { '/etc/mkinitcpio.d/linux.preset': 'PRESETS=(default)\ndefault_config=/etc/mine.conf\n' };
    const [fault] = initrdFaults((await factsOf({ ...arch, ...preset })).initrdTool);
    expect(fault).toMatchObject({ says: expect.stringMatching(/mine\.conf/), at: { line: 2 } });
  });

  test('without autodetect every disk driver comes anyway', async () => {
    expect(genericBecause((await factsOf(arch)).initrdTool)).toBeUndefined();
    const all = { ...arch, '/etc/mkinitcpio.conf': stock.replace(' autodetect', '') };
    expect(genericBecause((await factsOf(all)).initrdTool)).toMatch(/autodetect/);
  });

  test('MODULES that cannot be taken apart are left to a person, who is told where', async () => {
    const odd = stock.replace('\nMODULES=()', '\nMODULES=(ext4 "btrfs)').concat('# "\n');
    const facts = await factsOf({ ...arch, '/etc/mkinitcpio.conf': odd });
    expect(whyNotAdded(['hv_vmbus'], facts)).toBe('MODULES of /etc/mkinitcpio.conf line 3 cannot be taken apart');
    expect(initrdConfigEdits(['hv_vmbus'], facts)).toMatch(/line 3/);
    expect(initrdFaults(facts.initrdTool)).toMatchObject([{ at: { path: '/etc/mkinitcpio.conf', line: 3 } }]);
    const wants = [{ kind: 'initrd-config', have: ['hv_vmbus'] }] as const;
    expect(remedy(facts, wants, 'by hand')).toEqual({ wants: [], advice: 'by hand' });
    // What the same array says where it can be read does not hold.
    const twice = `MODULES=(hv_vmbus)\nMODULES+=(a (b))\n`;
    const { initrdTool } = await factsOf({ ...arch, '/etc/mkinitcpio.conf': twice });
    expect(initrdTool).toMatchObject({ modules: [], odd: expect.stringMatching(/line 2/) });
  });

  test('one image is made, of the kernel that is named, for any machine', async () => {
    expect(initrdBuild('6.1.0-32-amd64', await factsOf(arch))).toEqual([
      '/usr/bin/mkinitcpio',
      ...['-k', '6.1.0-32-amd64', '-S', 'autodetect', '-g', '{out}'],
    ]);
  });
});

describe('mkinitfs', () => {
  const conf = '# features of this machine\nfeatures="ata base ide scsi usb virtio ext4"\n';
  const alpine = { '/sbin/mkinitfs': program, '/etc/mkinitfs/mkinitfs.conf': conf };
  const listed = 'kernel/hv_vmbus.ko*\nkernel/hv_storvsc.ko*\nkernel/hv_netvsc.ko*\n';

  test('a feature of our own, and its name among the features', async () => {
    expect(await edited(alpine)).toEqual({
      '/etc/mkinitfs/features.d/hyperv.modules': listed,
      '/etc/mkinitfs/mkinitfs.conf': conf.replace('ext4"', 'ext4 hyperv"'),
    });
    await lasts(alpine);
  });

  test('lines that stand in it already stay', async () => {
    const tree = { ...alpine, '/etc/mkinitfs/features.d/hyperv.modules': '# mine\nkernel/hv_vmbus.ko*\n' };
    expect((await edited(tree))['/etc/mkinitfs/features.d/hyperv.modules']).toBe(`# mine\n${listed}`);
    await lasts(tree);
  });

  test.each([
    ['a folder', 'kernel/drivers/scsi', true],
    ['a folder with a slash', '/kernel/drivers/scsi/', true],
    ['a file', 'kernel/drivers/scsi/hv_storvsc.ko.gz', true],
    ['stars', 'kernel/drivers/*/*storvsc*', true],
    ['a question mark', 'kernel/drivers/scs?/hv?storvsc.ko.gz', true],
    ['another folder', 'kernel/drivers/scsi2', false],
    ['a file of which it is the beginning', 'kernel/drivers/scsi/hv_stor', false],
    ['what is commented out', '#kernel/drivers/scsi', false],
  ])('a feature that names %s', async (_, pattern, does) => {
    const tree = { ...alpine, '/etc/mkinitfs/features.d/scsi.modules': `${pattern}\n` };
    const facts = await factsOf(tree);
    const own = kernel({
      modules: {
        is: 'there',
        value: { hv_storvsc: 'kernel/drivers/scsi/hv_storvsc.ko.gz', hv_vmbus: 'kernel/drivers/hv/hv_vmbus.ko.gz' },
      },
    });
    expect(asksFor('hv_storvsc', own, facts.initrdTool)).toBe(does);
    // What a module needs comes with it.
    expect(asksFor('hv_vmbus', own, facts.initrdTool)).toBe(does);
  });

  test('a feature that is not on brings nothing', async () => {
    const tree = { ...alpine, '/etc/mkinitfs/features.d/hyperv.modules': listed };
    const facts = await factsOf(tree);
    expect(asksFor('hv_vmbus', kernel(), facts.initrdTool)).toBe(false);
  });

  test('the configuration, the image and the version are named', async () => {
    expect(initrdBuild('6.1.0-32-amd64', await factsOf(alpine))).toEqual([
      '/sbin/mkinitfs',
      ...['-c', '/etc/mkinitfs/mkinitfs.conf', '-o', '{out}', '6.1.0-32-amd64'],
    ]);
  });
});
