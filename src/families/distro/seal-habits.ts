import { compareVersions } from '../../formats/version.ts';
import type { GuestPath, OsFacts } from '../../model.ts';

/** What the finish has to know of a distribution: how its waagent goes about it, and who makes anew what goes. */
export interface SealHabits {
  /** Where the agent writes the host name (azurelinuxagent/common/osutil); with `key` it is a setting of that file. */
  hostName(os: OsFacts): {
    readonly path: GuestPath;
    readonly key?: string;
    /** It asks hostnamectl and nothing else, which answers on a running machine only. */
    readonly asksBus?: true;
  };
  /** The agent leaves /etc/resolv.conf alone. */
  keepsResolvConf(os: OsFacts): boolean;
  /**
   * What the agent reads and writes on its way without asking whether it is there: it dies where it is not. `{card}` stands
   * for the first network card.
   */
  agentNeeds(os: OsFacts): readonly GuestPath[];
  /** The agent waits for ever where no network card has an address, as is so beside a mounted root. */
  readonly agentNeedsCard: boolean;
}

function before(os: OsFacts, version: string): boolean {
  return os.distro.version !== '' && compareVersions(os.distro.version, version) < 0;
}

/** The agent's own default. */
export const plainSeal: SealHabits = {
  hostName: () => ({ path: '/etc/hostname' }),
  keepsResolvConf: () => false,
  agentNeeds: () => [],
  agentNeedsCard: false,
};

export const ubuntuSeal: SealHabits = {
  ...plainSeal,
  keepsResolvConf: (os) => os.distro.id === 'ubuntu' && !before(os, '18.04'),
};

/** The agent writes DHCP_HOSTNAME into the file of the first card, also where keyfiles have replaced such files. */
export const rhelSeal: SealHabits = {
  ...plainSeal,
  hostName: (os) => (before(os, '7') ? { path: '/etc/sysconfig/network', key: 'HOSTNAME' } : { path: '/etc/hostname' }),
  agentNeeds: () => ['/etc/sysconfig/network-scripts/ifcfg-{card}'],
  agentNeedsCard: true,
};

export const suseSeal: SealHabits = {
  ...plainSeal,
  hostName: (os) =>
    before(os, os.distro.id.startsWith('opensuse') ? '13.2' : '12')
      ? { path: '/etc/HOSTNAME' }
      : { path: '/etc/hostname', asksBus: true },
  agentNeeds: () => ['/etc/sysconfig/network/dhcp'],
};
