import type { Check, Evidence, Facts, Finding, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { agentArticle } from '../sources.ts';
import { unread } from '../unread.ts';

/** The platform's own services: DHCP, DNS, the agent's wire server; and the metadata of the machine. */
const addresses = ['168.63.129.16', '169.254.169.254'] as const;

/** Files that packet filters are restored from: iptables-save, nft, firewalld and ufw. */
const files =
  /^\/etc\/(sysconfig\/(ip|nf)tables(\.conf)?|iptables\/(rules\.v4|iptables\.rules)|nftables(\.conf|\/[^/]+\.nft)|firewalld\/.+\.xml|ufw\/[^/]+\.rules)$/;

const drops = /\b(?:drop|reject)\b/i;

/** One rule of a file: a line, or an element of firewalld's XML. */
function rulesOf(path: GuestPath, text: string): { readonly line: number; readonly text: string }[] {
  const rules = path.endsWith('.xml') ? text.matchAll(/<rule\b[\s\S]*?<\/rule>/g) : text.matchAll(/[^\n]+/g);
  return [...rules]
    .map((found) => ({ line: text.slice(0, found.index).split('\n').length, text: found[0].trim() }))
    .filter((rule) => !rule.text.startsWith('#'));
}

/** A rule for that very address, or for all that are only valid on the link. */
function names(rule: string, address: string): boolean {
  if (rule.includes(address)) return true;
  return address.startsWith('169.254.') && /\b169\.254(?:\.0\.0)?\/16\b/.test(rule);
}

/** The first rule that names an address decides: the agent itself lets root through and drops the rest. */
function blocks(path: GuestPath, text: string): { readonly address: string; readonly at: Evidence }[] {
  const rules = rulesOf(path, text);
  const closed = rules.find((rule) => /^:OUTPUT (DROP|REJECT)\b|\bhook output\b.*\bpolicy drop\b/.test(rule.text));
  return addresses.flatMap((address) => {
    const first = rules.find((rule) => names(rule.text, address)) ?? closed;
    if (first === undefined || !drops.test(first.text)) return [];
    return [{ address, at: { path, line: first.line, text: first.text.slice(0, 400) } }];
  });
}

function look(facts: Facts): Looked {
  const texts = (Object.entries(facts.texts) as [GuestPath, string][]).filter(([path]) => files.test(path));
  const findings = texts.flatMap(([path, text]) =>
    blocks(path, text).map(
      ({ address, at }): Finding => ({
        about: path,
        says: `the packet filter would keep ${address} from the machine`,
        evidence: [at],
        wants: [],
        advice: `let ${address} through in ${path}`,
      }),
    ),
  );
  return judge(findings, unread(facts, files), 'no rule of a packet filter names an address of the platform');
}

export const wireserverReachable: Check = {
  id: 'wireserver-reachable',
  area: 'network',
  title: 'No packet filter is in the way of the platform',
  severity: 'info',
  why: 'The agent and cloud-init learn what to do from two addresses; a machine that cannot reach them is never provisioned.',
  source: [agentArticle],
  fix: { all: 'rules of a firewall are not changed: a person lets 168.63.129.16 and 169.254.169.254 through' },
  look,
};
