import type { GuestPath, OsFacts } from '../../model.ts';

/** How a family packages the Azure agent, cloud-init and the SSH server. */
export interface AgentHabits {
  /** Names of the agent's service, without suffix; that of the family's own package first. */
  readonly services: readonly [string, ...string[]];
  /** Likewise of the SSH server. */
  readonly sshServices: readonly [string, ...string[]];
  /** Where the family's article has the agent mount the temporary disk. */
  mountPoint(os: OsFacts): GuestPath;
  /** The agent converts SSH keys with python-pyasn1 here, whatever its version. */
  needsPyasn1(os: OsFacts): boolean;
  /** The family's article has cloud-init leave the cards after the first alone (`apply_network_config: False`). */
  readonly firstCardOnly: boolean;
}

function isRelease6(os: OsFacts): boolean {
  return /^6(?:\.|$)/.test(os.distro.version);
}

/** What upstream ships; the articles for RHEL say the same. */
export const plainAgent: AgentHabits = {
  services: ['waagent', 'walinuxagent'],
  sshServices: ['sshd', 'ssh'],
  mountPoint: () => '/mnt/resource',
  needsPyasn1: () => false,
  firstCardOnly: false,
};

/** Debian and Ubuntu name the service after the upstream project. */
export const debianAgent: AgentHabits = {
  ...plainAgent,
  services: ['walinuxagent', 'waagent'],
  sshServices: ['ssh', 'sshd'],
};

export const rhelAgent: AgentHabits = { ...plainAgent, needsPyasn1: isRelease6, firstCardOnly: true };

/** The article for Oracle Linux 6 mounts the disk where nobody else does. */
export const oracleAgent: AgentHabits = {
  ...rhelAgent,
  mountPoint: (os) => (isRelease6(os) ? '/mnt' : '/mnt/resource'),
};

export const suseAgent: AgentHabits = { ...plainAgent, firstCardOnly: true };
