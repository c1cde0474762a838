import { dpkgStatus } from '../lib/dpkg-status.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import * as parts from './parts.ts';

const debianKernel = '6.1.0-32-amd64';

/** Debian 12 with initramfs-tools, GRUB 2 on BIOS, ifupdown and Debian's agent. */
export const debian12: PhonyTree = {
  ...parts.mergedUsr,
  ...parts.systemd,
  ...parts.accounts,
  ...parts.osRelease({ ID: 'debian', VERSION_ID: '12', PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)' }),
  ...parts.kernel({
    version: debianKernel,
    suffix: '.ko',
    initrd: `/boot/initrd.img-${debianKernel}`,
    holds: [...parts.hyperv, 'hyperv_keyboard', 'hid_hyperv'],
  }),
  '/var/lib/dpkg/status': dpkgStatus({
    'linux-image-amd64': '6.1.129-1',
    'grub-pc': '2.06-13+deb12u1',
    'initramfs-tools': '0.142+deb12u1',
    waagent: '2.7.3.0-4.1',
    'openssh-server': '1:9.2p1-2+deb12u5',
    'hyperv-daemons': '6.1.129-1',
    'cloud-guest-utils': '0.33-1',
    gdisk: '1.0.9-2.1',
    ifupdown: '0.8.41',
    openssl: '3.0.15-1~deb12u1',
  }),
  '/etc/apt/sources.list':
    'deb http://deb.debian.org/debian bookworm main\ndeb http://deb.debian.org/debian bookworm-updates main\ndeb http://deb.debian.org/debian-security bookworm-security main\n',
  '/usr/sbin/mkinitramfs': { content: parts.elf(), mode: 0o755 },
  '/usr/share/initramfs-tools/init': 'if [ -n "$ROOTDELAY" ]; then\n\tsleep "$ROOTDELAY"\nfi\n',
  '/etc/initramfs-tools/initramfs.conf': 'MODULES=most\nBUSYBOX=auto\nCOMPRESS=zstd\n',
  '/etc/initramfs-tools/modules': '# one name on each line\n',
  '/boot/grub/grub.cfg': {
    content: parts.grubCfg([
      {
        title: 'Debian GNU/Linux',
        linux: `/boot/vmlinuz-${debianKernel}`,
        args: parts.goodLine,
        initrd: `/boot/initrd.img-${debianKernel}`,
      },
    ]),
    mode: 0o444,
  },
  '/boot/grub/i386-pc/core.img': 'core',
  '/etc/default/grub': `GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="${parts.goodLine}"
GRUB_TERMINAL="console serial"
GRUB_SERIAL_COMMAND="serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1"
`,
  '/etc/fstab': parts.fstab,
  '/etc/network/interfaces': 'auto lo\niface lo inet loopback\n\nallow-hotplug eth0\niface eth0 inet dhcp\n',
  ...parts.unit('networking.service'),
  ...parts.sshd('ssh'),
  ...parts.waagent({
    version: '2.7.3.0',
    conf: parts.agentProvisions,
    unit: 'walinuxagent.service',
    sites: '/usr/lib/python3/dist-packages',
  }),
  '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
};
