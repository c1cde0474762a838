import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { hasProgram, lacksPackage, packageOf, programFolders } from '../missing.ts';
import { lisa, waagent } from '../sources.ts';
import { unread } from '../unread.ts';

/** 3.0 and later, and of the earlier ones those two that vendors went on mending. */
function isMaintained(version: string): boolean {
  const [major = 0, minor, patch] = versionNumbers(version);
  const series = `${major}.${minor}.${patch}`;
  return major >= 3 || series === '1.1.1' || series === '1.0.2';
}

function look(facts: Facts): Looked {
  if (!hasProgram(facts, 'openssl')) {
    const doubt = unread(facts, programFolders)[0];
    if (doubt !== undefined) return { is: 'unknown', why: `${doubt.about}: ${doubt.why}` };
    const says = 'the program openssl is missing: the agent reads its certificates with it';
    return { is: 'fail', findings: [lacksPackage(facts, packageOf(facts, 'openssl'), { about: 'openssl', says })] };
  }
  const { packages } = facts.os;
  if (packages.is === 'unreadable') return { is: 'unknown', why: `the version of openssl: ${packages.why}` };
  const version = packages.is === 'there' ? packages.value['openssl'] : undefined;
  if (version === undefined || versionNumbers(version).length === 0)
    return { is: 'unknown', why: 'no package says which version openssl is' };
  if (isMaintained(version)) return { is: 'pass', says: `openssl ${version}` };
  const low = compareVersions(version, '1.0') < 0;
  const says = `openssl ${version} is ${low ? 'too old for the agent, which wants 1.0' : 'none of 1.0.2, 1.1.1, 3.0 or later'}`;
  const advice = `${installByHand(facts, 'openssl')}, from a release of the distribution that is still supported`;
  return { is: 'fail', findings: [{ about: 'openssl', says, evidence: [], wants: [], advice }] };
}

export const agentOpenssl: Check = {
  id: 'agent-openssl',
  area: 'agent',
  title: 'OpenSSL is there, and recent enough',
  severity: 'should',
  why: 'The agent decrypts its settings with the program openssl; the acceptance suite takes 1.0.2, 1.1.1 and 3.0 or later.',
  source: [waagent, lisa('verify_openssl_version')],
  fix: { all: 'by hand, or with --install-packages where it is missing: the package openssl' },
  look,
};
