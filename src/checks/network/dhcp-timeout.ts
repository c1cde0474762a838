import { splitLines } from '../../formats/lines.ts';
import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { goesWhole } from '../dhcp.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { lisa } from '../sources.ts';
import { unread } from '../unread.ts';

/** Seconds. */
const least = 300;

/** Where each program is told how long to wait for a lease: what stands before the number is kept. */
const places: readonly { readonly file: RegExp; readonly line: RegExp }[] = [
  { file: /^\/etc\/(?:dhcp\/)?dhclient\.conf$/, line: /^(\s*timeout\s+)(\d+)(\s*;.*)$/ },
  { file: /^\/usr\/lib\/dracut\/modules\.d\/[^/]+\/dhclient\.conf$/, line: /^(\s*timeout\s+)(\d+)(\s*;.*)$/ },
  { file: /^\/etc\/dhcpcd\.conf$/, line: /^(\s*timeout\s+)(\d+)(\s*)$/ },
  {
    file: /^\/(?:etc|usr\/lib)\/NetworkManager\/(?:NetworkManager\.conf$|conf\.d\/)/,
    line: /^(\s*ipv4\.dhcp-timeout\s*=\s*)(\d+)(\s*)$/,
  },
  { file: /^\/etc\/NetworkManager\/system-connections\//, line: /^(\s*dhcp-timeout\s*=\s*)(\d+)(\s*)$/ },
  { file: /^\/etc\/sysconfig\/network-scripts\/ifcfg-/, line: /^(\s*IPV4_DHCP_TIMEOUT=["']?)(\d+)(["']?\s*)$/ },
];

function look(facts: Facts, policy: Policy): Looked {
  const findings = places.flatMap(({ file, line }) => {
    const named = (Object.keys(facts.texts) as GuestPath[]).filter((path) => file.test(path));
    // A file that goes for the address in it takes its timeout along.
    const staying = named.filter((path) => !goesWhole(facts, path, policy));
    const real = [...new Set(staying.map((path) => realPath(facts, path)))].sort();
    return real.flatMap((path) => shortTimeouts(facts, path, line));
  });
  const doubts = unread(
    facts,
    /\/(dhclient|dhcpcd)\.conf$|^\/(etc|usr\/lib)\/NetworkManager\/|\/network-scripts\/ifcfg-|\/modules\.d$/,
  );
  return judge(findings, doubts, `no DHCP client gives up before ${least} seconds`);
}

function shortTimeouts(facts: Facts, path: GuestPath, pattern: RegExp): Finding[] {
  return splitLines(textOf(facts, path) ?? '').flatMap(({ text }, at): Finding[] => {
    const found = pattern.exec(text);
    const seconds = Number(found?.[2]);
    // 0 stands for the default, or for ever.
    if (found === null || seconds === 0 || seconds >= least) return [];
    const to = `${found[1]}${least}${found[3]}`;
    const want: Change = { kind: 'line', path, line: at + 1, text, to };
    // What a package owns is the distribution's to change.
    const isOwn = path.startsWith('/etc/');
    return [
      {
        about: path,
        says: `waits only ${seconds} seconds for an address`,
        ...(isOwn ? {} : { severity: 'info' as const }),
        evidence: [{ path, line: at + 1, text: text.trim() }],
        ...remedy(facts, isOwn ? [want] : [], `set ${least} in line ${at + 1} of ${path}`),
      },
    ];
  });
}

export const dhcpTimeout: Check = {
  id: 'dhcp-timeout',
  area: 'network',
  title: 'DHCP clients wait long enough',
  severity: 'should',
  why: 'While a platform starts many machines at once an answer may take minutes; a client that gives up leaves the machine without network.',
  source: [lisa('verify_dhcp_client_timeout')],
  fix: { all: 'apply: a timeout of less than 300 seconds in /etc is set to 300; none at all is fine' },
  look,
};
