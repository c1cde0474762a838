import type { GuestPath, OsFacts } from '../../model.ts';

/** How a family brings its network up, where the articles differ by family or release. */
export interface NetworkHabits {
  /** Where the network scripts find the files of the cards, and in which words those ask for DHCP. */
  readonly ifcfgFolder: GuestPath;
  /** What the articles have /etc/sysconfig/.../ifcfg-eth0 say in this release, in literal words that LISA looks for.
   *  `managed`: NetworkManager runs the network, else the network scripts alone. */
  ifcfgEth0(os: OsFacts, managed: boolean): string;
  /** The articles ask for that file in this release. */
  asksIfcfg(os: OsFacts): boolean;
  /** `clashes`: the agent of that release and NetworkManager fight (CJ-6). `needed`: nothing else runs the network. */
  manager(os: OsFacts): 'clashes' | 'needed' | 'free';
  /** The package manager takes NetworkManager away when the agent comes. */
  readonly agentRemovesManager: boolean;
  /** The articles ask for /etc/sysconfig/network. */
  readonly sysconfigNetwork: boolean;
  /** LISA wants the DHCP client to ask for the host name. */
  readonly asksHostName: boolean;
  /** The shell file that says what is taken from a lease besides the address. */
  readonly dhcpSettings?: GuestPath;
}

const redhatFile = 'DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\n';

export const plainNetwork: NetworkHabits = {
  ifcfgFolder: '/etc/sysconfig/network-scripts',
  ifcfgEth0: () => redhatFile,
  asksIfcfg: () => false,
  manager: () => 'free',
  agentRemovesManager: false,
  sysconfigNetwork: false,
  asksHostName: false,
};

/** Debian's package of the agent declares the conflict. */
export const debianNetwork: NetworkHabits = { ...plainNetwork, agentRemovesManager: true };

const majorOf = ({ distro: { version } }: OsFacts) => Number(/^\d+/.exec(version)?.[0] ?? 'NaN');

/** Release 6 has the network scripts; from 8 on NetworkManager is all there is, unless somebody wants the scripts back. */
export const redhatNetwork: NetworkHabits = {
  ...plainNetwork,
  manager: (os) => (majorOf(os) <= 6 ? 'clashes' : majorOf(os) >= 8 ? 'needed' : 'free'),
  sysconfigNetwork: true,
  asksIfcfg: (os) => majorOf(os) <= 7,
  // Release 6 has no NetworkManager to speak of.
  ifcfgEth0: (os, managed) =>
    majorOf(os) === 7 ? `${redhatFile}PERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=${managed ? 'yes' : 'no'}\n` : redhatFile,
};

export const fedoraNetwork: NetworkHabits = { ...plainNetwork, manager: () => 'needed' };

export const suseNetwork: NetworkHabits = {
  ...plainNetwork,
  ifcfgFolder: '/etc/sysconfig/network',
  dhcpSettings: '/etc/sysconfig/network/dhcp',
  ifcfgEth0: () => "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
};

export const azurelinuxNetwork: NetworkHabits = { ...plainNetwork, asksHostName: true };
