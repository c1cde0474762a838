import { networkHabitsOf } from '../../families/distro/index.ts';
import { readIniLines } from '../../formats/ini-lines.ts';
import type { Check, Facts, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { lisa, suseArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const key = 'DHCLIENT_SET_HOSTNAME';
/** With its quotes, as LISA looks for it. */
const value = '"no"';

/** Clients that say what they ask for, and the word by which they ask for the name. */
const askers: readonly { readonly path: GuestPath; readonly word: RegExp; readonly byHand: string }[] = [
  {
    path: '/etc/dhcp/dhclient.conf',
    word: /^[^#]*\bhost-name\b/m,
    byHand: "echo 'request host-name;' >> /etc/dhcp/dhclient.conf",
  },
  {
    path: '/etc/dhcpcd.conf',
    word: /^\s*option\s[^#]*\bhost_name\b/m,
    byHand: "echo 'option host_name' >> /etc/dhcpcd.conf",
  },
];

/** On Azure Linux it is the other way round: LISA looks for a client that asks for the name. */
function lookForAsker(facts: Facts): Looked {
  const doubts = unread(facts, /\/(dhclient|dhcpcd)\.conf$/);
  const there = askers.filter(({ path }) => textOf(facts, path) !== undefined);
  if (there.some(({ path, word }) => word.test(textOf(facts, path) ?? '')))
    return { is: 'pass', says: 'the DHCP client asks for the host name' };
  const [first] = there;
  if (doubts.length > 0) return judge([], doubts, '');
  if (first === undefined)
    return { is: 'not-applicable', why: 'no DHCP client that says what it asks for is configured' };
  const { path, byHand } = first;
  const says = `${path} does not ask for the host name`;
  return { is: 'fail', findings: [{ about: path, says, evidence: [{ path }], wants: [], advice: byHand }] };
}

function look(facts: Facts): Looked {
  if (networkHabitsOf(facts.os).asksHostName) return lookForAsker(facts);
  const path: GuestPath | undefined = networkHabitsOf(facts.os).dhcpSettings;
  if (path === undefined) return { is: 'not-applicable', why: 'no file of this family says who sets the host name' };
  const doubts = unread(facts, /^\/etc\/sysconfig\/network\/dhcp$/);
  const text = textOf(facts, path);
  if (doubts.length > 0) return judge([], doubts, '');
  if (text === undefined) return { is: 'not-applicable', why: `${path} is missing: wicked is not installed` };
  const found = readIniLines(text).findLast((line) => line.key === key);
  if (found?.value === value) return { is: 'pass', says: `${key} is ${value}` };
  const says = `${key} is ${found?.value ?? 'not set'}, so that a lease may rename the machine`;
  const evidence = [found === undefined ? { path } : { path, line: found.line, text: found.text }];
  const want = { kind: 'setting', path: realPath(facts, path), as: 'ini', key, value } as const;
  return {
    is: 'fail',
    findings: [{ about: path, says, evidence, ...remedy(facts, [want], `write ${key}=${value} in ${path}`) }],
  };
}

export const dhcpSetHostnameNo: Check = {
  id: 'dhcp-set-hostname-no',
  area: 'network',
  title: 'DHCP does as the articles have it about the host name',
  severity: 'should',
  why: 'Who provisions gives the machine its name; a lease must not change it afterwards.',
  source: [suseArticle, lisa('verify_dhcp_file_configuration')],
  fix: {
    all: 'nothing to mend where the family has no such file',
    suse: 'the value is set in place',
    azurelinux: 'a person has the DHCP client ask for the host name',
  },
  look,
};
