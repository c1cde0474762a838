import { distroOf, releaseOf } from '../../families/distro/index.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { kernelLineByHand } from '../by-hand.ts';
import { dhcpByHand, eth0DhcpWants } from '../dhcp.ts';
import { remedy } from '../fixable.ts';
import { kernelLines, lineFindings } from '../kernel-lines.ts';
import { articleNow, oracleArticle, rhelArticle } from '../sources.ts';

const wanted = 'net.ifnames=0';

/** CJ-13: with the argument the card is eth0, so a guest whose only profile is that of another name would lose its network. */
function withProfile(finding: Finding, facts: Facts, policy: Policy): Finding {
  const profile = eth0DhcpWants(facts, policy);
  const hand = kernelLineByHand(facts, [wanted], []);
  if (profile === undefined) return { ...finding, wants: [], advice: `first ${dhcpByHand(facts)}; then ${hand}` };
  return finding.wants.length === 0 ? finding : { ...finding, ...remedy(facts, [...profile, ...finding.wants], hand) };
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  if (distroOf(facts.os.distro.family)?.boot.asksOldNames(releaseOf(facts.os)) !== true)
    return { is: 'not-applicable', why: `no article asks for ${wanted} on ${facts.os.distro.pretty}` };
  const { lines, doubts } = kernelLines(facts);
  const without = lines.filter((line) => line.args.findLast((arg) => arg.startsWith('net.ifnames=')) !== wanted);
  const others = [...new Set(without.flatMap(({ args }) => args.filter((arg) => arg.startsWith('net.ifnames='))))];
  const findings = lineFindings(facts, without, {
    says: `lacks ${wanted}`,
    want: { have: [wanted], lack: others.filter((arg) => arg !== wanted) },
  });
  return judge(
    findings.map((finding) => withProfile(finding, facts, policy)),
    doubts,
    'every kernel line has the card called eth0',
  );
}

export const kernelCmdlineNetIfnames: Check = {
  id: 'kernel-cmdline-net-ifnames',
  area: 'boot',
  title: 'The network card is called eth0',
  severity: 'should',
  why: 'The profile that the articles ask for is that of eth0; a name made from the slot is another one on other hardware.',
  source: [articleNow, rhelArticle, oracleArticle],
  fix: {
    all: 'not asked for',
    rhel: 'apply: net.ifnames=0, from release 7 on, if eth0 asks by DHCP or gets a profile in the same plan',
    oracle: 'apply: net.ifnames=0, from release 7 on, if eth0 asks by DHCP or gets a profile in the same plan',
  },
  look,
};
