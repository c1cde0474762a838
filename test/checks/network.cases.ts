import type { Facts, GuestPath } from '../../src/model.ts';
import { type Bendable, dhcpProfile, noUnit, unit, withCloudInit, write } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

function withNetworkManager(facts: Bendable<Facts>): void {
  facts.network.services.networkmanager = unit('NetworkManager.service');
}

function off(facts: Bendable<Facts>): void {
  facts.network.services.ifupdown = unit('networking.service', { enabled: false });
  facts.network.services.networkd = noUnit('systemd-networkd.service');
}

const interfaces: GuestPath = '/etc/network/interfaces';

/** DHCP, but for the card of a KVM machine. */
function otherCard(facts: Bendable<Facts>): void {
  const at = { path: interfaces, line: 6, text: 'iface ens3 inet dhcp' };
  facts.network.profiles = [dhcpProfile(interfaces, ['ifupdown'], { at, fits: false })];
  facts.network.pins = [{ what: 'interface-name', says: 'configures ens3 only', at }];
  write(
    facts,
    interfaces,
    'source /etc/network/interfaces.d/*\nauto lo\niface lo inet loopback\n\nallow-hotplug ens3\niface ens3 inet dhcp\n',
  );
}

function networkd(facts: Bendable<Facts>): void {
  facts.network.services.ifupdown = noUnit('networking.service');
  facts.network.services.networkd = unit('systemd-networkd.service');
  facts.network.profiles = [];
}

const networkdDhcp = {
  kind: 'file' as const,
  path: '/etc/systemd/network/50-azure-dhcp.network' as const,
  is: { content: '[Match]\nDriver=hv_netvsc\n\n[Network]\nDHCP=yes\n', mode: 0o644 },
};

const ifcfg: GuestPath = '/etc/sysconfig/network-scripts/ifcfg-eth0';
const ifcfgDhcp = {
  kind: 'file' as const,
  path: ifcfg,
  is: {
    content: 'DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\n',
    mode: 0o644,
  },
};

/** On release 7 the article says more of it. */
function ifcfgOf7(managed: 'yes' | 'no') {
  const content = `${ifcfgDhcp.is.content}PERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=${managed}\n`;
  return { ...ifcfgDhcp, is: { content, mode: 0o644 } };
}

function networkScripts(facts: Bendable<Facts>): void {
  facts.network.services.ifupdown = noUnit('networking.service');
  facts.network.services.network = unit('network.service');
  facts.network.profiles = [];
}

const keyfile: GuestPath = '/etc/NetworkManager/system-connections/a.nmconnection';

const sysconfig: GuestPath = '/etc/sysconfig/network';

const vmUtilsRule: GuestPath = '/usr/lib/udev/rules.d/10-azure-unmanaged-sriov.rules';
const vmUtils =
  'SUBSYSTEM=="net", ACTION!="remove", DRIVERS=="mana|mlx4_core|mlx5_core", ATTR{flags}=="0x?[89ABCDEF]??", ENV{NM_UNMANAGED}="1", ENV{AZURE_UNMANAGED_SRIOV}="1"\n';

/** DHCP on whatever card there is. */
function greedyNetworkd(facts: Bendable<Facts>): void {
  networkd(facts);
  const path = '/etc/systemd/network/20-wired.network';
  facts.network.profiles = [dhcpProfile(path, ['networkd'], { format: 'networkd', name: '20-wired.network' })];
  write(facts, path, '[Match]\nName=e*\n\n[Network]\nDHCP=yes\n');
}

function line(path: GuestPath, at: number, text: string, to: string) {
  return { kind: 'line' as const, path, line: at, text, to };
}

/** A release of RHEL with network scripts, and that text as its ifcfg-eth0. */
function redhat(version: string, text?: string) {
  return (facts: Bendable<Facts>) => {
    facts.network.services.ifupdown = noUnit('networking.service');
    facts.network.services.network = unit('network.service');
    facts.network.profiles = [];
    facts.os.distro.family = 'rhel';
    facts.os.distro.version = version;
    if (text !== undefined) {
      facts.network.profiles = [dhcpProfile(ifcfg, ['network'])];
      write(facts, ifcfg, text);
    }
  };
}

function suse(dhcp?: string) {
  return (facts: Bendable<Facts>) => {
    facts.os.distro.family = 'suse';
    if (dhcp !== undefined) write(facts, '/etc/sysconfig/network/dhcp', dhcp);
  };
}

function azurelinux(dhcpcd?: string) {
  return (facts: Bendable<Facts>) => {
    facts.os.distro.family = 'azurelinux';
    if (dhcpcd !== undefined) write(facts, '/etc/dhcpcd.conf', dhcpcd);
  };
}

function redhat9(facts: Bendable<Facts>): void {
  redhat('9.4')(facts);
  facts.network.services.network = noUnit('network.service');
  withNetworkManager(facts);
}

/** As RHEL's server package has it, or Ubuntu. */
function idle(how: 'no-auto-default' | 'unmanaged') {
  return (facts: Bendable<Facts>) => {
    withNetworkManager(facts);
    facts.network.services.ifupdown = noUnit('networking.service');
    facts.network.profiles = [];
    facts.network.idleManager = { how, at: { path: '/usr/lib/NetworkManager/conf.d/00-server.conf', line: 2 } };
  };
}

const rule: GuestPath = '/etc/udev/rules.d/70-persistent-net.rules';
const generator: GuestPath = '/lib/udev/rules.d/75-persistent-net-generator.rules';
const mask: GuestPath = '/etc/udev/rules.d/75-persistent-net-generator.rules';
const masked = { kind: 'file' as const, path: mask, is: { linkTo: '/dev/null' } };

const netplan: GuestPath = '/etc/netplan/00-installer.yaml';
const stanza = 'auto eth0\niface eth0 inet dhcp\n';

function pinned(what: 'static-address' | 'mac' | 'interface-name', path: GuestPath, line: number, text: string) {
  return (facts: Bendable<Facts>) => {
    facts.network.pins = [{ what, says: `${what} in ${path}`, at: { path, line, text: text.trim() } }];
    write(facts, path, `${'\n'.repeat(line - 1)}${text}\n`);
  };
}

export const network: Cases = {
  'networkmanager-conflict': [
    { guest: 'without NetworkManager', is: 'pass' },
    { guest: 'with NetworkManager and an agent', bend: withNetworkManager, is: 'pass' },
    {
      guest: 'with NetworkManager and an agent, by the article',
      bend: withNetworkManager,
      policy: { profile: 'seed-2018' },
      is: 'fail',
      severity: 'info',
      wants: [],
    },
    {
      guest: 'of Debian with NetworkManager and no agent yet, where ifupdown takes over',
      bend: (f) => {
        withNetworkManager(f);
        f.agent.waagent.program = undefined;
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 9 whose NetworkManager is off',
      bend: (f) => {
        withNetworkManager(f);
        f.network.services.networkmanager.enabled = false;
        f.network.services.ifupdown = noUnit('networking.service');
        f.os.distro.family = 'rhel';
        f.os.distro.version = '9.4';
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'unit', name: 'NetworkManager.service', state: 'enabled' }],
    },
    {
      guest: 'of Fedora whose NetworkManager is gone',
      bend: (f) => {
        f.network.profiles = [];
        f.os.distro.family = 'fedora';
        f.os.distro.version = '41';
      },
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /NetworkManager/,
    },
    {
      guest: 'of Debian with NetworkManager and no agent yet',
      bend: (f) => {
        withNetworkManager(f);
        f.agent.waagent.program = undefined;
        f.network.profiles = [];
      },
      is: 'fail',
      severity: 'must',
      advice: /networking.service.*only then install/,
    },
    {
      guest: 'of RHEL 9 with NetworkManager and no agent yet',
      bend: (f) => {
        withNetworkManager(f);
        f.agent.waagent.program = undefined;
        f.os.distro.family = 'rhel';
        f.os.distro.version = '9.4';
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 6 with NetworkManager',
      bend: (f) => {
        withNetworkManager(f);
        f.os.distro.family = 'rhel';
        f.os.distro.version = '6.10';
      },
      is: 'fail',
      severity: 'must',
      advice: /rpm -e/,
    },
    {
      guest: 'with NetworkManager and an agent of 2.0',
      bend: (f) => {
        withNetworkManager(f);
        f.agent.waagent.version = '2.0.18';
      },
      is: 'fail',
      severity: 'must',
    },
  ],
  'net-service-enabled': [
    { guest: 'with ifupdown and DHCP', is: 'pass', says: /DHCP/ },
    {
      guest: 'with a service that is off',
      bend: off,
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'unit', name: 'networking.service', state: 'enabled' }],
    },
    {
      guest: 'with a service that is masked',
      bend: (f) => {
        off(f);
        f.network.services.ifupdown.masked = true;
      },
      is: 'fail',
      says: /masked/,
    },
    {
      guest: 'without any service',
      bend: (f) => {
        off(f);
        f.network.services.ifupdown = noUnit('networking.service');
      },
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /install/,
    },
    {
      guest: 'of OpenRC',
      bend: (f) => {
        off(f);
        f.network.services.ifupdown = noUnit('networking');
        f.os.init = 'openrc';
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with NetworkManager, which needs no file',
      bend: (f) => {
        withNetworkManager(f);
        f.network.profiles = [];
      },
      is: 'pass',
      says: /NetworkManager/,
    },
    {
      guest: 'with cloud-init, which writes one',
      bend: (f) => {
        withCloudInit(f);
        f.network.profiles = [];
      },
      is: 'pass',
      says: /cloud-init/,
    },
    {
      guest: 'with cloud-init that is switched off',
      bend: (f) => {
        withCloudInit(f);
        f.network.profiles = [];
        f.agent.cloudInit.disabledBy = [{ path: '/etc/cloud/cloud-init.disabled' }];
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'with cloud-init that was told to leave the network alone',
      bend: (f) => {
        withCloudInit(f);
        f.network.profiles = [];
        f.agent.cloudInit.networkOff = { path: '/etc/cloud/cloud.cfg.d/subiquity.cfg', line: 1 };
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'with DHCP for another card',
      bend: otherCard,
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/etc/network/interfaces.d/eth0', is: { content: stanza, mode: 0o644 } }],
    },
    {
      guest: 'without an interfaces file',
      bend: (f) => {
        f.network.profiles = [];
      },
      is: 'fail',
      wants: [
        {
          kind: 'file',
          path: interfaces,
          is: { content: `auto lo\niface lo inet loopback\n\n${stanza}`, mode: 0o644 },
        },
      ],
    },
    {
      guest: 'whose interfaces file reads no other',
      bend: (f) => {
        otherCard(f);
        write(f, interfaces, 'iface ens3 inet dhcp\n');
      },
      is: 'fail',
      wants: [],
      advice: /^take out .* then: printf 'auto eth0\\niface eth0 inet dhcp\\n' >> \/etc\/network\/interfaces$/,
    },
    {
      guest: 'whose DHCP nothing starts',
      bend: (f) => {
        f.network.profiles = [];
        write(f, interfaces, 'source /etc/network/interfaces.d/*\niface eth0 inet dhcp\n');
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/etc/network/interfaces.d/eth0', is: { content: 'auto eth0\n', mode: 0o644 } }],
    },
    {
      guest: 'with DHCP in files of a service that is off',
      bend: (f) => {
        networkd(f);
        f.network.profiles = [dhcpProfile(interfaces, ['ifupdown'])];
      },
      is: 'fail',
      severity: 'must',
      wants: [networkdDhcp],
    },
    {
      guest: 'with NetworkManager that makes no connection by itself',
      bend: idle('no-auto-default'),
      is: 'fail',
      severity: 'must',
      wants: [
        {
          kind: 'file',
          path: '/etc/NetworkManager/system-connections/azure-dhcp.nmconnection',
          is: {
            content:
              '[connection]\nid=azure-dhcp\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n',
            mode: 0o600,
          },
        },
      ],
    },
    {
      guest: 'with NetworkManager that makes none, and a connection',
      bend: (f) => {
        idle('no-auto-default')(f);
        f.network.profiles = [dhcpProfile(keyfile, ['networkmanager'])];
      },
      is: 'pass',
    },
    {
      guest: 'with NetworkManager that leaves cards alone',
      bend: idle('unmanaged'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /eth0/,
    },
    {
      guest: 'with netplan and no file for this card',
      bend: (f) => {
        networkd(f);
        f.network.services.netplan = unit('netplan');
      },
      is: 'fail',
      wants: [
        {
          kind: 'file',
          path: '/etc/netplan/90-azure-dhcp.yaml',
          is: { content: 'network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n', mode: 0o600 },
        },
      ],
    },
    {
      guest: 'with the network scripts of RHEL and no file',
      bend: networkScripts,
      is: 'fail',
      wants: [ifcfgDhcp],
    },
    {
      guest: 'with networkd and no file',
      bend: networkd,
      is: 'fail',
      wants: [networkdDhcp],
    },
    {
      guest: 'with networkd, and netplan for another card',
      bend: (f) => {
        networkd(f);
        f.network.profiles = [dhcpProfile(netplan, ['networkd'], { fits: false })];
        f.network.pins = [{ what: 'interface-name', says: 'configures ens3 only', at: { path: netplan, line: 4 } }];
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'with ifupdown and networkd, both for the card',
      bend: (f) => {
        f.network.services.networkd = unit('systemd-networkd.service');
        const file = '/etc/systemd/network/50-a.network';
        f.network.profiles = [...f.network.profiles, dhcpProfile(file, ['networkd'])];
      },
      is: 'fail',
      severity: 'should',
      says: /systemd-networkd\.service and networking\.service/,
      wants: [],
    },
    {
      guest: 'with networkd, and NetworkManager that takes every card',
      bend: (f) => {
        networkd(f);
        withNetworkManager(f);
        f.network.profiles = [dhcpProfile(netplan, ['networkd'])];
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'with networkd, and NetworkManager that leaves cards alone',
      bend: (f) => {
        idle('unmanaged')(f);
        f.network.services.networkd = unit('systemd-networkd.service');
        f.network.profiles = [dhcpProfile(netplan, ['networkd'])];
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 7, where the scripts and NetworkManager read one file',
      bend: (f) => {
        redhat('7.9', ifcfgDhcp.is.content)(f);
        withNetworkManager(f);
        f.network.profiles = [dhcpProfile(ifcfg, ['network', 'networkmanager'])];
      },
      is: 'pass',
    },
    {
      guest: 'with ifupdown, and NetworkManager that keeps off its cards',
      bend: withNetworkManager,
      is: 'pass',
    },
    {
      guest: 'with networkd, and dhcpcd that takes what it finds',
      bend: (f) => {
        networkd(f);
        f.network.services.dhcpcd = unit('dhcpcd.service');
        f.network.profiles = [dhcpProfile(netplan, ['networkd'])];
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'with networkd, and dhcpcd that is told which cards are not its own',
      bend: (f) => {
        networkd(f);
        f.network.services.dhcpcd = unit('dhcpcd.service');
        f.network.profiles = [dhcpProfile(netplan, ['networkd'])];
        write(f, '/etc/dhcpcd.conf', 'denyinterfaces eth*\n');
      },
      is: 'pass',
    },
    {
      guest: 'with a netplan file that is not understood',
      bend: (f) => {
        networkd(f);
        f.unreadable[netplan] = 'an anchor in line 3';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'net-ifcfg-eth0': [
    { guest: 'of Debian', is: 'not-applicable' },
    { guest: 'of RHEL 7 with the file of the article', bend: redhat('7.9', ifcfgDhcp.is.content), is: 'pass' },
    {
      guest: 'of RHEL 7 without the file',
      bend: redhat('7.9'),
      is: 'fail',
      severity: 'should',
      wants: [ifcfgOf7('no')],
    },
    {
      guest: 'of RHEL 7 with NetworkManager and without the file',
      bend: (f) => {
        redhat('7.9')(f);
        withNetworkManager(f);
      },
      is: 'fail',
      wants: [ifcfgOf7('yes')],
    },
    { guest: 'of RHEL 6 without the file', bend: redhat('6.10'), is: 'fail', wants: [ifcfgDhcp] },
    {
      guest: 'of RHEL 7 with an address of its own, left to us',
      bend: (f) => {
        redhat('7.9', 'DEVICE="eth0"\nBOOTPROTO=none\nONBOOT=yes\nIPADDR=192.0.2.9\nUUID=1-2\n')(f);
        f.network.pins = [{ what: 'static-address', says: 'has an address', at: { path: ifcfg, line: 4 } }];
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [ifcfgOf7('no')],
    },
    {
      guest: 'of RHEL 6 with quotes, a UUID and a card that stays down',
      bend: redhat('6.10', 'DEVICE="eth0"\nBOOTPROTO=dhcp\nONBOOT=no\nUUID=1-2\n'),
      is: 'fail',
      severity: 'must',
      wants: [
        { kind: 'setting', path: ifcfg, as: 'ini', key: 'DEVICE', value: 'eth0' },
        { kind: 'setting', path: ifcfg, as: 'ini', key: 'ONBOOT', value: 'yes' },
        { kind: 'line-off', path: ifcfg, line: 4, text: 'UUID=1-2' },
      ],
    },
    {
      guest: 'of RHEL 7 with an address of its own',
      bend: (f) => {
        redhat('7.9', 'DEVICE=eth0\nBOOTPROTO=none\nONBOOT=yes\nIPADDR=192.0.2.9\n')(f);
        f.network.profiles = [dhcpProfile(ifcfg, ['network'], { dhcp: false, fixed: true, at: { path: ifcfg } })];
      },
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /--allow static-network/,
    },
    {
      guest: 'of RHEL 7 with a file that cannot be read',
      bend: (f) => {
        redhat('7.9')(f);
        f.unreadable[ifcfg] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'net-nm-profile-dhcp': [
    { guest: 'of Debian', is: 'not-applicable' },
    {
      guest: 'of RHEL 9 with a connection for eth0',
      bend: (f) => {
        redhat9(f);
        f.network.profiles = [dhcpProfile(keyfile, ['networkmanager'])];
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 9 with one for a card of VMware',
      bend: (f) => {
        redhat9(f);
        f.network.profiles = [dhcpProfile(keyfile, ['networkmanager'], { name: 'ens192', fits: false })];
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'of RHEL 9 with one that does not start',
      bend: (f) => {
        redhat9(f);
        f.network.profiles = [dhcpProfile(keyfile, ['networkmanager'], { idle: 'autoconnect=false' })];
      },
      is: 'fail',
      says: /autoconnect=false/,
    },
    {
      guest: 'of RHEL 9 with one that cannot be read',
      bend: (f) => {
        redhat9(f);
        f.unreadable[keyfile] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'dhcp-set-hostname-no': [
    { guest: 'of Debian', is: 'not-applicable' },
    {
      guest: 'of Azure Linux that asks for the name',
      bend: azurelinux('option host_name, domain_name\n'),
      is: 'pass',
    },
    {
      guest: 'of Azure Linux that does not',
      bend: azurelinux('#option host_name\noption domain_name\n'),
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /option host_name/,
    },
    { guest: 'of Azure Linux with networkd', bend: azurelinux(), is: 'not-applicable' },
    { guest: 'of SUSE without wicked', bend: suse(), is: 'not-applicable' },
    { guest: 'of SUSE with no', bend: suse('DHCLIENT_SET_HOSTNAME="no"\n'), is: 'pass' },
    {
      guest: 'of SUSE as installed',
      bend: suse('## Type: yesno\nDHCLIENT_SET_HOSTNAME="yes"\n'),
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'setting',
          path: '/etc/sysconfig/network/dhcp',
          as: 'ini',
          key: 'DHCLIENT_SET_HOSTNAME',
          value: '"no"',
        },
      ],
    },
    {
      guest: 'of SUSE with a file that cannot be read',
      bend: (f) => {
        suse()(f);
        f.unreadable['/etc/sysconfig/network/dhcp'] = 'it is a FIFO';
      },
      is: 'unknown',
    },
  ],
  'wireserver-reachable': [
    { guest: 'without a packet filter', is: 'pass' },
    {
      guest: 'with filters that name others, or comments',
      bend: (f) => {
        write(f, '/etc/iptables/rules.v4', ':OUTPUT ACCEPT [0:0]\n-A INPUT -s 192.0.2.9 -j DROP\n');
        write(f, '/etc/nftables.conf', '# ip daddr 169.254.169.254 drop\n');
      },
      is: 'pass',
    },
    {
      guest: 'with the rules of the agent itself, saved',
      bend: (f) =>
        write(
          f,
          '/etc/sysconfig/iptables',
          '*security\n-A OUTPUT -d 168.63.129.16/32 -p tcp -m owner --uid-owner 0 -j ACCEPT\n-A OUTPUT -d 168.63.129.16/32 -p tcp -m conntrack --ctstate INVALID,NEW -j DROP\n',
        ),
      is: 'pass',
    },
    {
      guest: 'with iptables that drop the metadata service',
      bend: (f) => write(f, '/etc/iptables/rules.v4', '*filter\n-A OUTPUT -d 169.254.0.0/16 -j REJECT\n'),
      is: 'fail',
      severity: 'info',
      says: /169\.254\.169\.254/,
      wants: [],
    },
    {
      guest: 'with nft that lets nothing out',
      bend: (f) => write(f, '/etc/nftables.conf', '  type filter hook output priority 0; policy drop;\n'),
      is: 'fail',
      says: /168\.63\.129\.16/,
    },
    {
      guest: 'with firewalld that drops the wire server',
      bend: (f) =>
        write(
          f,
          '/etc/firewalld/zones/public.xml',
          '<zone>\n  <rule family="ipv4">\n    <source address="168.63.129.16"/>\n    <drop/>\n  </rule>\n</zone>\n',
        ),
      is: 'fail',
      advice: /public\.xml/,
    },
    {
      guest: 'with rules that cannot be read',
      bend: (f) => {
        f.unreadable['/etc/nftables.conf'] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
  'net-sysconfig-network': [
    { guest: 'of Debian', is: 'not-applicable' },
    {
      guest: 'of RHEL 9 that says yes',
      bend: (f) => {
        redhat9(f);
        write(f, sysconfig, 'NETWORKING=YES\n');
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 9 without the file',
      bend: redhat9,
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: sysconfig,
          is: { content: 'NETWORKING=yes\nHOSTNAME=localhost.localdomain\n', mode: 0o644 },
        },
      ],
    },
    { guest: 'of RHEL 6 without the file', bend: redhat('6.10'), is: 'fail', severity: 'must' },
    {
      guest: 'of RHEL 6 whose network scripts are switched off',
      bend: (f) => {
        redhat('6.10')(f);
        write(f, sysconfig, 'NETWORKING=no\nHOSTNAME=a.example\n');
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'setting', path: sysconfig, as: 'ini', key: 'NETWORKING', value: 'yes' }],
    },
    {
      guest: 'of RHEL 9 with a file that cannot be read',
      bend: (f) => {
        redhat9(f);
        f.unreadable[sysconfig] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'net-sriov-unmanaged': [
    { guest: 'of Debian with ifupdown', is: 'not-applicable' },
    {
      guest: 'with NetworkManager',
      bend: withNetworkManager,
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules',
          is: {
            content: 'SUBSYSTEM=="net", DRIVERS=="hv_pci", ACTION!="remove", ENV{NM_UNMANAGED}="1"\n',
            mode: 0o644,
          },
        },
      ],
    },
    {
      guest: 'with NetworkManager and azure-vm-utils',
      bend: (f) => {
        withNetworkManager(f);
        write(f, vmUtilsRule, vmUtils);
      },
      is: 'pass',
    },
    {
      guest: 'with NetworkManager and a rule that is commented out',
      bend: (f) => {
        withNetworkManager(f);
        write(f, vmUtilsRule, `# ${vmUtils}`);
      },
      is: 'fail',
    },
    {
      guest: 'with NetworkManager and the list of the article',
      bend: (f) => {
        withNetworkManager(f);
        const conf = '/etc/NetworkManager/conf.d/99-azure-unmanaged-devices.conf';
        write(f, conf, '[keyfile]\nunmanaged-devices=driver:mlx4_core,driver:mlx5_core\n');
      },
      is: 'pass',
    },
    {
      guest: 'with networkd that takes each card',
      bend: greedyNetworkd,
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/systemd/network/01-azure-unmanaged-sriov.network',
          is: {
            content: '[Match]\nDriver=mana mlx4_core mlx4_en mlx5_core mlx5_en\n\n[Link]\nUnmanaged=yes\n',
            mode: 0o644,
          },
        },
      ],
    },
    {
      guest: 'with networkd and azure-vm-utils',
      bend: (f) => {
        greedyNetworkd(f);
        write(f, vmUtilsRule, vmUtils);
        const path = '/usr/lib/systemd/network/10-azure-unmanaged-sriov.network';
        write(f, path, '[Match]\nProperty=AZURE_UNMANAGED_SRIOV=1\n\n[Link]\nUnmanaged=yes\n');
      },
      is: 'pass',
    },
    {
      guest: 'with networkd and the file of azure-vm-utils, but not the rule that marks cards for it',
      bend: (f) => {
        greedyNetworkd(f);
        const path = '/usr/lib/systemd/network/10-azure-unmanaged-sriov.network';
        write(f, path, '[Match]\nProperty=AZURE_UNMANAGED_SRIOV=1\n\n[Link]\nUnmanaged=yes\n');
      },
      is: 'fail',
    },
    {
      guest: 'with networkd for the card of hv_netvsc only',
      bend: (f) => {
        greedyNetworkd(f);
        write(f, '/etc/systemd/network/20-wired.network', '[Match]\nDriver=hv_netvsc\n\n[Network]\nDHCP=yes\n');
      },
      is: 'not-applicable',
    },
    {
      guest: 'with NetworkManager and rules that cannot be read',
      bend: (f) => {
        withNetworkManager(f);
        f.unreadable['/etc/udev/rules.d'] = 'I/O error';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'dhcp-timeout': [
    { guest: 'with no timeout', is: 'pass' },
    {
      guest: 'with long ones, or comments',
      bend: (f) => {
        write(f, '/etc/dhcp/dhclient.conf', '#timeout 60;\ntimeout 300;\nretry 60;\nreboot 10;\n');
        write(f, '/etc/dhcpcd.conf', 'timeout 0\n');
      },
      is: 'pass',
    },
    {
      guest: 'with short ones everywhere',
      bend: (f) => {
        write(f, '/etc/dhcp/dhclient.conf', 'send host-name;\n  timeout 60; # a minute\n');
        write(f, '/etc/dhcpcd.conf', 'timeout 30\n');
        write(f, '/etc/NetworkManager/conf.d/a.conf', '[connection]\nipv4.dhcp-timeout=45\n');
        write(f, keyfile, '[ipv4]\nmethod=auto\ndhcp-timeout=20\n');
        write(f, ifcfg, 'IPV4_DHCP_TIMEOUT="5"\n');
      },
      is: 'fail',
      severity: 'should',
      wants: [
        line('/etc/dhcp/dhclient.conf', 2, '  timeout 60; # a minute', '  timeout 300; # a minute'),
        line('/etc/dhcpcd.conf', 1, 'timeout 30', 'timeout 300'),
        line('/etc/NetworkManager/conf.d/a.conf', 2, 'ipv4.dhcp-timeout=45', 'ipv4.dhcp-timeout=300'),
        line(keyfile, 3, 'dhcp-timeout=20', 'dhcp-timeout=300'),
        line(ifcfg, 1, 'IPV4_DHCP_TIMEOUT="5"', 'IPV4_DHCP_TIMEOUT="300"'),
      ],
    },
    {
      guest: 'with a short one in a file that goes as a whole',
      bend: (f) => {
        write(f, keyfile, '[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\ndhcp-timeout=20\n');
        f.network.pins = [{ what: 'static-address', says: 'has an address', at: { path: keyfile, line: 3 } }];
      },
      policy: { allow: ['static-network'] },
      is: 'pass',
    },
    {
      guest: 'with a short one in what dracut ships',
      bend: (f) => write(f, '/usr/lib/dracut/modules.d/35network-legacy/dhclient.conf', 'timeout 30;\n'),
      is: 'fail',
      severity: 'info',
      wants: [],
      advice: /300 in line 1/,
    },
    {
      guest: 'with a file that cannot be read',
      bend: (f) => {
        f.unreadable['/etc/dhcp/dhclient.conf'] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'udev-no-persistent-net': [
    { guest: 'without rules', is: 'pass' },
    {
      guest: 'with a rule',
      bend: (f) => {
        f.network.persistentRules = [{ path: rule, line: 2, text: 'SUBSYSTEM=="net"' }];
      },
      is: 'fail',
      severity: 'should',
      wants: [{ kind: 'file', path: rule, is: 'absent' }],
    },
    {
      guest: 'with the generator',
      bend: (f) => {
        f.network.persistentRules = [{ path: generator }];
      },
      is: 'fail',
      wants: [masked],
    },
    {
      guest: 'with the generator masked',
      bend: (f) => {
        f.network.persistentRules = [{ path: generator }, { path: mask }];
        f.links[mask] = '/dev/null';
      },
      is: 'pass',
    },
    {
      guest: 'with a generator of its own',
      bend: (f) => {
        f.network.persistentRules = [{ path: mask, line: 1 }];
      },
      is: 'fail',
      wants: [masked],
    },
    {
      guest: 'with an unreadable folder',
      bend: (f) => {
        f.unreadable['/etc/udev/rules.d'] = 'I/O error';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'net-no-static-config': [
    { guest: 'without pins', is: 'pass' },
    {
      guest: 'with a static address',
      bend: pinned('static-address', interfaces, 3, '  address 10.0.0.4'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /--allow static-network/,
    },
    {
      guest: 'with a static address in netplan, left to us',
      bend: (f) => {
        withCloudInit(f);
        pinned('static-address', netplan, 3, '      addresses: [10.0.0.4/24]')(f);
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [{ kind: 'file', path: netplan, is: 'absent' }],
    },
    {
      guest: 'with a static address in netplan that nothing makes up for, left to us',
      bend: (f) => {
        f.network.profiles = [];
        write(f, interfaces, 'auto lo\niface lo inet loopback\n');
        pinned('static-address', netplan, 3, '      addresses: [10.0.0.4/24]')(f);
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [],
    },
    {
      guest: 'with a static address for networkd, and its own DHCP still to come',
      bend: (f) => {
        networkd(f);
        pinned('static-address', '/etc/systemd/network/10-static.network', 5, 'Address=10.0.0.4/24')(f);
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [{ kind: 'file', path: '/etc/systemd/network/10-static.network', is: 'absent' }, networkdDhcp],
    },
    {
      guest: 'with a static address in the very file that DHCP is asked for in',
      bend: (f) => {
        networkScripts(f);
        pinned('static-address', ifcfg, 3, 'IPADDR=10.0.0.4')(f);
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [ifcfgDhcp],
    },
    {
      guest: 'of RHEL 7 with a static address in ifcfg-eth0, where NetworkManager finds its own',
      bend: (f) => {
        redhat('7.9', 'DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.4\n')(f);
        withNetworkManager(f);
        f.network.pins = [{ what: 'static-address', says: 'has an address', at: { path: ifcfg, line: 3 } }];
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [ifcfgOf7('yes')],
    },
    {
      guest: 'with a static address where NetworkManager finds its own',
      bend: (f) => {
        withNetworkManager(f);
        f.network.profiles = [];
        pinned('static-address', keyfile, 3, 'address1=10.0.0.4')(f);
      },
      policy: { allow: ['static-network'] },
      is: 'fail',
      wants: [{ kind: 'file', path: keyfile, is: 'absent' }],
    },
    {
      guest: 'with a MAC address',
      bend: pinned('mac', interfaces, 3, '  hwaddress ether 52:54:00:12:34:56'),
      is: 'fail',
      severity: 'should',
      wants: [{ kind: 'line-off', path: interfaces, line: 3, text: '  hwaddress ether 52:54:00:12:34:56' }],
    },
    {
      guest: 'with a MAC address in YAML',
      bend: pinned('mac', netplan, 4, '        macaddress: 52:54:00:12:34:56'),
      is: 'fail',
      wants: [],
      advice: /MAC address out/,
    },
    {
      guest: 'with an installer’s netplan that matches a MAC address (trap 14)',
      bend: (f) => {
        f.network.pins = [{ what: 'mac', says: 'tied', at: { path: netplan, line: 5 } }];
        write(
          f,
          netplan,
          'network:\n  ethernets:\n    lan:\n      match:\n        macaddress: "52:54:00:12:34:56"\n      dhcp4: true\n',
        );
      },
      is: 'fail',
      wants: [
        {
          kind: 'line',
          path: netplan,
          line: 5,
          text: '        macaddress: "52:54:00:12:34:56"',
          to: '        driver: hv_netvsc',
        },
      ],
    },
    {
      guest: 'with a netplan that gives its card a MAC address',
      bend: (f) => {
        f.network.pins = [{ what: 'mac', says: 'tied', at: { path: netplan, line: 4 } }];
        write(
          f,
          netplan,
          'network:\n  ethernets:\n    eth0:\n      macaddress: 52:54:00:12:34:56\n      dhcp4: true\n',
        );
      },
      is: 'fail',
      wants: [],
      advice: /MAC address out/,
    },
    {
      guest: 'with a .network file that matches a MAC address',
      bend: pinned('mac', '/etc/systemd/network/10-lan.network', 2, 'MACAddress=52:54:00:12:34:56'),
      is: 'fail',
      wants: [],
    },
    {
      guest: 'with a whole .network file that matches a MAC address',
      bend: (f) => {
        const path = '/etc/systemd/network/10-lan.network';
        f.network.pins = [{ what: 'mac', says: 'tied', at: { path, line: 2 } }];
        write(f, path, '[Match]\nMACAddress=52:54:00:12:34:56\n[Network]\nDHCP=yes\n');
      },
      is: 'fail',
      wants: [
        {
          kind: 'line',
          path: '/etc/systemd/network/10-lan.network',
          line: 2,
          text: 'MACAddress=52:54:00:12:34:56',
          to: 'Driver=hv_netvsc',
        },
      ],
    },
    { guest: 'with the name of another card', bend: otherCard, is: 'fail', severity: 'should' },
    {
      guest: 'with XML of wicked',
      bend: (f) => {
        f.unreadable['/etc/wicked/ifconfig/eth0.xml'] = "wicked's own XML is not read";
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with a file that is not understood',
      bend: (f) => {
        f.unreadable[netplan] = 'an anchor in line 3';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
};
