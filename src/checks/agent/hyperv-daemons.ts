import { distroOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { hasProgram, lacksPackage } from '../missing.ts';
import { articleNow, debianArticle, lisa, ubuntuArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const program = ['hypervkvpd', 'hv_kvp_daemon'].find((name) => hasProgram(facts, name));
  if (program !== undefined) return { is: 'pass', says: `${facts.software.programs[program]} is there` };
  const habits = distroOf(facts.os.distro.family)?.packages;
  const { packages } = facts.os;
  const severity = habits?.hypervAsked ? 'should' : 'info';
  if (habits === undefined || packages.is !== 'there') {
    const why = packages.is === 'unreadable' ? packages.why : 'it is not known which package brings the daemons here';
    return { is: 'unknown', why, severity };
  }
  const found = habits.hyperv.find((name) => packages.value[name] !== undefined);
  if (found !== undefined) return { is: 'pass', says: `${found} ${packages.value[found]}` };
  const says = 'the daemons for Hyper-V are missing: the host and the guest exchange no keys and values';
  return { is: 'fail', findings: [lacksPackage(facts, habits.hyperv[0], { about: habits.hyperv[0], says, severity })] };
}

export const hypervDaemons: Check = {
  id: 'hyperv-daemons',
  area: 'agent',
  title: 'The daemons for Hyper-V are installed',
  severity: 'should',
  why: 'They tell the host about the guest (KVP), and freeze file systems for a snapshot (VSS).',
  source: [articleNow, debianArticle, ubuntuArticle, lisa('verify_hv_kvp_daemon_installed')],
  fix: {
    all: 'by hand, or with --install-packages: hyperv-daemons',
    ubuntu: 'linux-cloud-tools-common and the linux-cloud-tools of the kernel',
    suse: 'hyper-v',
    arch: 'hyperv',
    alpine: 'hvtools',
  },
  look,
};
