import type { Facts, GuestPath, InitrdTool } from '../../src/model.ts';
import { type Bendable, entry, imagePath, initrd, initrdModules, kernel, nth, version, write } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

/** The initrd without these modules. */
function without(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    const { content } = nth(facts.initrds, 0);
    if (content.is !== 'there' || content.value.is !== 'read') return;
    content.value.modules = content.value.modules.filter((module) => !names.includes(module.name));
  };
}

function tool(over: Partial<Extract<InitrdTool, { kind: 'initramfs-tools' }>>) {
  return (facts: Bendable<Facts>) => {
    if (facts.initrdTool.kind === 'initramfs-tools') Object.assign(facts.initrdTool, over);
  };
}

function dracut(over: Partial<Extract<InitrdTool, { kind: 'dracut' }>> = {}) {
  return (facts: Bendable<Facts>) => {
    facts.initrdTool = {
      kind: 'dracut',
      version: '059',
      addDrivers: ['hv_vmbus', 'hv_netvsc', 'hv_storvsc'],
      forceDrivers: [],
      omitDrivers: [],
      drivers: undefined,
      hostonly: false,
      faults: [],
      files: ['/etc/dracut.conf'],
      program: '/usr/bin/dracut',
      anyMachine: ['--no-hostonly', '--no-hostonly-cmdline'],
      ...(over as object),
    };
  };
}

/** What MODULES=dep makes on a KVM machine with virtio disks. */
function dep(facts: Bendable<Facts>): void {
  tool({ mode: 'dep' })(facts);
  without('hv_vmbus', 'hv_storvsc', 'hv_netvsc', 'hyperv_keyboard', 'scsi_transport_fc', 'sd_mod')(facts);
}

const bootThree = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc'];
const fresh = (name = version) => ({ kind: 'initrd-fresh' as const, kernel: name });
const drivers = (have: string[], name = version) => ({ kind: 'initrd-drivers' as const, kernel: name, have });
const config = (have: string[]) => ({ kind: 'initrd-config' as const, have });
const omit = (name: string) => ({ omitDrivers: [{ name, at: { path: '/etc/dracut.conf', line: 3 } }] }) as const;

function builtIn(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    const one = nth(facts.kernels, 0);
    if (one.modules.is === 'there') for (const name of names) delete one.modules.value[name];
    if (one.builtin.is === 'there') one.builtin.value.push(...names);
  };
}

const second = '5.10.0-30-amd64';

/** One more initrd of the same kernel, which another entry loads, without these modules. */
function secondImage(facts: Bendable<Facts>, path: GuestPath, ...lacks: string[]): void {
  const other = initrd();
  other.path = path;
  const { content } = other;
  if (content.is === 'there' && content.value.is === 'read')
    content.value.modules = content.value.modules.filter((module) => !lacks.includes(module.name));
  facts.initrds.push(other);
  if (facts.boot.kind === 'grub2')
    facts.boot.entries.push(entry({ title: 'fallback', initrds: [path], isDefault: false }));
}

export const initrds: Cases = {
  'initrd-hv-modules': [
    { guest: 'made with MODULES=most', is: 'pass' },
    {
      guest: 'made with MODULES=dep',
      bend: dep,
      is: 'fail',
      severity: 'must',
      says: /lacks hv_vmbus, hv_storvsc, scsi_transport_fc, sd_mod/,
      wants: [
        drivers(['hv_vmbus', 'hv_storvsc', 'scsi_transport_fc', 'sd_mod']),
        config(bootThree),
        fresh(),
        // MODULES=most of initramfs-tools 0.140 leaves the keyboard out.
        config([...bootThree, 'hyperv_keyboard']),
      ],
    },
    {
      guest: 'made with MODULES=list for a virtio disk',
      bend: (f) => {
        dep(f);
        tool({ mode: 'list' })(f);
      },
      is: 'fail',
      wants: [
        drivers(['hv_vmbus', 'hv_storvsc', 'scsi_transport_fc', 'sd_mod']),
        config([...bootThree, 'sd_mod']),
        fresh(),
        config([...bootThree, 'hyperv_keyboard']),
      ],
    },
    {
      guest: 'whose dracut was told after the image was made',
      bend: (f) => {
        without('hv_storvsc')(f);
        dracut()(f);
      },
      is: 'fail',
      wants: [drivers(['hv_storvsc'])],
    },
    {
      guest: 'whose disk driver lacks what it needs',
      bend: without('scsi_transport_fc'),
      is: 'fail',
      severity: 'must',
      wants: [drivers(['scsi_transport_fc'])],
    },
    {
      guest: 'with the controller but not the disk',
      bend: without('sd_mod'),
      is: 'fail',
      severity: 'must',
      says: /sd_mod/,
    },
    {
      guest: 'whose image was made in a chroot for its own machine (trap 26)',
      bend: (f) => {
        const { content } = nth(f.initrds, 0);
        if (content.is === 'there' && content.value.is === 'read')
          content.value.texts['etc/cmdline.d/95root-dev.conf'] = 'root=/dev/loop0p1\n';
      },
      is: 'fail',
      severity: 'must',
      says: /would mount \/dev\/loop0p1/,
      wants: [drivers([])],
    },
    {
      guest: 'without what the disk driver would rather have loaded before it',
      bend: (f) => {
        nth(f.kernels, 0).softDependsOn = { hv_storvsc: ['nvme', 'an_alias'] };
        without('nvme')(f);
      },
      is: 'fail',
      severity: 'should',
      says: /lacks nvme$/,
    },
    { guest: 'without the mouse', bend: without('hid_hyperv'), is: 'fail', severity: 'info', wants: [] },
    {
      guest: 'whose second entry loads another initrd, which lacks the driver',
      bend: (f) => secondImage(f, '/boot/initrd-fallback.img', 'hv_vmbus'),
      is: 'fail',
      severity: 'should',
      says: /initrd-fallback\.img lacks hv_vmbus/,
      wants: [{ kind: 'initrd-drivers', kernel: version, image: '/boot/initrd-fallback.img', have: ['hv_vmbus'] }],
    },
    {
      guest: 'whose second entry loads the copy that was put aside, which is left as it is',
      bend: (f) => secondImage(f, `${imagePath}.bak`, 'hv_vmbus'),
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /update-initramfs/,
    },
    {
      guest: 'whose entries load two initrds, both complete',
      bend: (f) => secondImage(f, '/boot/initrd-fallback.img'),
      is: 'pass',
    },
    {
      guest: 'without the network driver',
      bend: without('hv_netvsc'),
      is: 'fail',
      severity: 'should',
      wants: [fresh(), config(['hv_netvsc'])],
    },
    {
      guest: 'that keeps lacking a useful driver although its tool is told to add it',
      bend: (f) => {
        without('hyperv_keyboard')(f);
        tool({ modules: [{ name: 'hyperv_keyboard', line: 1, text: 'hyperv_keyboard' }] })(f);
      },
      is: 'fail',
      severity: 'should',
      says: /lacks hyperv_keyboard$/,
      wants: [],
      advice: /hyperv_keyboard/,
    },
    {
      guest: 'without the network driver, by the article',
      bend: without('hv_netvsc'),
      policy: { profile: 'seed-2018' },
      is: 'pass',
    },
    {
      guest: 'with the bus built in',
      bend: (f) => {
        builtIn('hv_vmbus')(f);
        without('hv_vmbus')(f);
      },
      is: 'pass',
    },
    {
      guest: 'whose image says that it is built in',
      bend: (f) => {
        without('hv_vmbus')(f);
        const { content } = nth(f.initrds, 0);
        if (content.is === 'there' && content.value.is === 'read') content.value.builtin = ['hv_vmbus'];
      },
      is: 'pass',
    },
    {
      guest: 'whose image holds the modules of another kernel',
      bend: (f) => {
        const { content } = nth(f.initrds, 0);
        if (content.is === 'there' && content.value.is === 'read')
          content.value.modules = initrdModules(bootThree, second);
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'for NVMe without its driver',
      bend: without('nvme'),
      policy: { targets: ['nvme'] },
      is: 'fail',
      severity: 'must',
      says: /nvme/,
    },
    {
      guest: 'whose second kernel has a poor initrd',
      bend: (f) => {
        f.kernels.push(kernel({ version: second, isDefault: false }));
        const poor = initrd(second);
        f.initrds.push(poor);
        if (poor.content.is === 'there' && poor.content.value.is === 'read')
          (nth(f.initrds, 1).content as { value: { modules: unknown[] } }).value.modules = [];
      },
      is: 'fail',
      severity: 'must',
      says: /5\.10/,
    },
    {
      guest: 'whose image is cut short',
      bend: (f) => {
        nth(f.initrds, 0).content = {
          is: 'there',
          value: { is: 'unknown', why: 'truncated', offset: 512, bytes: 600 },
        };
      },
      is: 'unknown',
      severity: 'must',
      says: /truncated \(at byte 512 of 600\)/,
    },
    {
      guest: 'whose image cannot be read',
      bend: (f) => {
        nth(f.initrds, 0).content = { is: 'unreadable', why: 'I/O error' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'whose image hides a squashfs',
      bend: (f) => {
        without(...bootThree)(f);
        const { content } = nth(f.initrds, 0);
        if (content.is === 'there' && content.value.is === 'read') content.value.hidden = 'squashfs-root.img';
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'without initrd',
      bend: (f) => {
        nth(f.initrds, 0).content = { is: 'absent' };
      },
      is: 'fail',
      severity: 'must',
      says: /has no initrd/,
    },
    {
      guest: 'without initrd, all built in',
      bend: (f) => {
        nth(f.initrds, 0).content = { is: 'absent' };
        builtIn('hv_vmbus', 'hv_storvsc', 'sd_mod', 'scsi_mod', 'scsi_common', 'scsi_transport_fc')(f);
      },
      is: 'pass',
    },
    {
      guest: 'whose menu loads another file',
      bend: (f) => {
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).initrds = ['/boot/initrd.img-old'];
      },
      is: 'unknown',
      says: /initrd.img-old/,
    },
    {
      guest: 'whose menu loads microcode first',
      bend: (f) => {
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).initrds.unshift('/boot/intel-uc.img');
      },
      is: 'pass',
    },
    {
      guest: 'whose kernel lacks the driver altogether',
      bend: (f) => {
        without('hv_storvsc')(f);
        const { modules } = nth(f.kernels, 0);
        if (modules.is === 'there') delete modules.value['hv_storvsc'];
      },
      is: 'fail',
      wants: [],
    },
    {
      guest: 'with a tool that is not known',
      bend: (f) => {
        without('hv_vmbus')(f);
        f.initrdTool = { kind: 'unknown', why: 'mkinitcpio' };
      },
      is: 'fail',
      wants: [],
      advice: /rebuild the initrd/,
    },
    {
      guest: 'whose dracut omits the driver',
      bend: (f) => {
        without('hv_storvsc')(f);
        dracut(omit('hv_storvsc'))(f);
      },
      is: 'fail',
      wants: [],
      advice: /dracut -f --kver/,
    },
    {
      guest: 'whose dracut omits the driver in plain words',
      bend: (f) => {
        without('hv_storvsc')(f);
        dracut(omit('hv_storvsc'))(f);
        write(f, '/etc/dracut.conf', 'omit_drivers+=" hv_storvsc "\n');
      },
      is: 'fail',
      wants: [drivers(['hv_storvsc']), config(bootThree)],
    },
    {
      guest: 'without modules.dep',
      bend: (f) => {
        without('hv_vmbus')(f);
        nth(f.kernels, 0).hasModulesDep = false;
      },
      is: 'fail',
      wants: [drivers(['hv_vmbus']), { kind: 'modules-dep', kernel: version }],
    },
    {
      guest: 'without a kernel',
      bend: (f) => {
        f.kernels = [];
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'initrd-persistent-config': [
    { guest: 'with MODULES=most', is: 'pass', says: /MODULES=most/ },
    {
      guest: 'with MODULES=dep',
      bend: tool({ mode: 'dep' }),
      is: 'fail',
      severity: 'must',
      wants: [config(bootThree)],
      says: /hv_vmbus, hv_storvsc, hv_netvsc/,
    },
    {
      guest: 'with MODULES=dep and the names',
      bend: tool({ mode: 'dep', modules: bootThree.map((name, at) => ({ name, line: at + 1, text: name })) }),
      is: 'pass',
    },
    {
      guest: 'with two of the names, by the article',
      bend: tool({
        mode: 'dep',
        modules: bootThree.slice(0, 2).map((name, at) => ({ name, line: at + 1, text: name })),
      }),
      policy: { profile: 'seed-2018' },
      is: 'pass',
    },
    { guest: 'with dracut told', bend: dracut(), is: 'pass' },
    {
      guest: 'with dracut told to load them early',
      bend: dracut({ addDrivers: [], forceDrivers: bootThree }),
      is: 'pass',
    },
    { guest: 'with dracut not told', bend: dracut({ addDrivers: [] }), is: 'fail', wants: [config(bootThree)] },
    {
      guest: 'with names glued together',
      bend: dracut({
        addDrivers: ['hv_netvschv_storvsc'],
        faults: [
          {
            says: 'two names are glued together: hv_netvschv_storvsc',
            at: { path: '/etc/dracut.conf.d/a.conf', line: 1 },
          },
        ],
      }),
      is: 'fail',
      severity: 'must',
      says: /glued/,
    },
    {
      guest: 'that omits a driver',
      bend: dracut(omit('hv_storvsc')),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /omit_drivers/,
    },
    {
      guest: 'that omits a driver in plain words',
      bend: (f) => {
        dracut(omit('hv_storvsc'))(f);
        write(f, '/etc/dracut.conf', 'omit_drivers+=" floppy hv-storvsc "\n');
      },
      is: 'fail',
      severity: 'must',
      wants: [config(['hv_storvsc'])],
    },
    {
      guest: 'that omits a driver by shell code',
      bend: (f) => {
        dracut(omit('hv_storvsc'))(f);
        write(f, '/etc/dracut.conf', 'for one in hv_storvsc; do omit_drivers+=" hv_storvsc "; done\n');
      },
      is: 'fail',
      wants: [],
      advice: /omit_drivers/,
    },
    { guest: 'that restricts drivers', bend: dracut({ addDrivers: [], drivers: ['ext4'] }), is: 'fail', wants: [] },
    {
      guest: 'with everything built in',
      bend: (f) => {
        dracut({ addDrivers: [] })(f);
        builtIn(...bootThree)(f);
      },
      is: 'pass',
      says: /built into/,
    },
    {
      guest: 'with a tool that is not known',
      bend: (f) => {
        f.initrdTool = { kind: 'unknown', why: 'mkinitcpio' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'whose modules cannot be listed',
      bend: (f) => {
        dracut({ addDrivers: [] })(f);
        nth(f.kernels, 0).modules = { is: 'unreadable', why: 'x' };
      },
      is: 'unknown',
    },
  ],
  'initrd-all-kernels': [
    { guest: 'that is complete', is: 'pass' },
    {
      guest: 'without modules.dep',
      bend: (f) => {
        nth(f.kernels, 0).hasModulesDep = false;
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'modules-dep', kernel: version }],
    },
    {
      guest: 'without initrd',
      bend: (f) => {
        nth(f.initrds, 0).content = { is: 'absent' };
      },
      is: 'fail',
      severity: 'must',
      wants: [fresh()],
    },
    {
      guest: 'whose menu also loads microcode that is not there',
      bend: (f) => {
        if (f.boot.kind !== 'grub2') return;
        const one = nth(f.boot.entries, 0);
        one.initrds = ['/boot/intel-uc.img', imagePath];
        one.missing = ['/boot/intel-uc.img'];
      },
      is: 'fail',
      severity: 'must',
      says: /loads \/boot\/intel-uc\.img, which is not there/,
      wants: [],
      advice: /^edit \/boot\/grub\/grub.cfg, or run update-grub in the guest once it runs, not here/,
    },
    {
      guest: 'whose other kernel has no initrd',
      bend: (f) => {
        f.kernels.push(kernel({ version: second, isDefault: false }));
        f.initrds.push({ kernel: second, path: `/boot/initrd.img-${second}`, content: { is: 'absent' } });
      },
      is: 'fail',
      severity: 'should',
      wants: [fresh(second)],
    },
    {
      guest: 'with a leftover image',
      bend: (f) =>
        void f.kernels.push({
          ...kernel({ version: second, isDefault: false }),
          modulesDir: undefined,
          modules: { is: 'absent' },
          builtin: { is: 'absent' },
        }),
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /leftover/,
    },
    {
      guest: 'whose default kernel has no modules',
      bend: (f) => {
        nth(f.kernels, 0).modulesDir = undefined;
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'whose default entry loads no initrd',
      bend: (f) => {
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).initrds = [];
      },
      is: 'fail',
      severity: 'must',
      says: new RegExp(`without its initrd ${imagePath}`),
      advice: /update-grub/,
    },
    {
      guest: 'whose default entry starts a kernel that is gone',
      bend: (f) => {
        if (f.boot.kind === 'grub2') f.boot.entries[0] = entry({ version: '6.0.0-1' });
      },
      is: 'fail',
      severity: 'must',
      says: /vmlinuz-6\.0\.0-1, which is not there/,
    },
    {
      guest: 'whose kernel needs no initrd',
      bend: (f) => {
        f.initrds = [];
        builtIn('hv_vmbus', 'hv_storvsc', 'sd_mod', 'scsi_mod', 'ext4')(f);
      },
      is: 'pass',
    },
    {
      guest: 'whose kernel has the disk path built in, but not the file system of its root',
      bend: (f) => {
        builtIn('hv_vmbus', 'hv_storvsc', 'sd_mod', 'scsi_mod')(f);
        nth(f.initrds, 0).content = { is: 'absent' };
      },
      is: 'fail',
      severity: 'must',
      says: /has no initrd/,
    },
    {
      guest: 'without a kernel',
      bend: (f) => {
        f.kernels = [];
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
};
