import type { Facts } from '../model.ts';

/**
 * Who makes SSH host keys at the next start if the agent is told not to. Debian's package makes them when it is installed
 * and never again, so without cloud-init the keys have to stay there.
 */
export function hostKeyMaker(facts: Facts): string | undefined {
  if (facts.agent.provisioner === 'cloud-init' || facts.agent.provisioner === 'both') return 'cloud-init';
  return facts.ssh.keyMakers.length > 0 ? 'the SSH service' : undefined;
}
