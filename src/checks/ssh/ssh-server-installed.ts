import { distroOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { lacksPackage } from '../missing.ts';
import { article, marketplace } from '../sources.ts';

function look(facts: Facts): Looked {
  const { server, config } = facts.ssh;
  if (server !== undefined && config !== undefined) return { is: 'pass', says: `${server} with ${config}` };
  const name = distroOf(facts.os.distro.family)?.packages.ssh ?? 'openssh-server';
  if (server === undefined)
    return { is: 'fail', findings: [lacksPackage(facts, name, { about: 'sshd', says: 'no SSH server is installed' })] };
  const says = `${server} has no configuration file`;
  const advice = installByHand(facts, `--reinstall ${name}`);
  return { is: 'fail', findings: [{ about: 'sshd', says, evidence: [], wants: [], advice }] };
}

export const sshServerInstalled: Check = {
  id: 'ssh-server-installed',
  area: 'ssh',
  title: 'An SSH server is installed',
  severity: 'must',
  why: 'SSH is the only way into a Linux machine in Azure.',
  source: [article, marketplace],
  fix: { all: 'by hand, or with --install-packages: openssh-server' },
  look,
};
