import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { hasProgram } from '../missing.ts';
import { lisa } from '../sources.ts';
import { unread } from '../unread.ts';

const oldest = '1.6.8.1';

function look(facts: Facts): Looked {
  const { packages } = facts.os;
  const found = packages.is === 'there' ? packages.value['omi'] : undefined;
  const isThere = hasProgram(facts, 'omiserver');
  if (found === undefined && !isThere) {
    const doubt = unread(facts, /^\/opt(?:\/omi(?:\/bin)?)?$/)[0];
    return doubt === undefined
      ? { is: 'pass', says: 'OMI is not installed' }
      : { is: 'unknown', why: `${doubt.about}: ${doubt.why}` };
  }
  // An rpm is called 1.6.8-1, where the last number is the release.
  const version = found?.replace('-', '.');
  if (version === undefined || versionNumbers(version).length === 0)
    return { is: 'unknown', why: 'OMI is there, and no package says which version it is' };
  if (compareVersions(version, oldest) >= 0) return { is: 'pass', says: `OMI ${found}` };
  const program = facts.software.programs['omiserver'];
  return {
    is: 'fail',
    findings: [
      {
        about: 'omi',
        says: `OMI ${found} is older than ${oldest}: whoever reaches its port is root (CVE-2021-38647)`,
        evidence: program === undefined ? [] : [{ path: program }],
        wants: [],
        advice: 'remove the package omi, or update it: the extension that needs it brings a newer one',
      },
    ],
  };
}

export const omiVersion: Check = {
  id: 'omi-version',
  area: 'agent',
  title: 'No old OMI is installed',
  severity: 'must',
  why: 'Before 1.6.8.1 anybody who reaches its port runs programs as root, in every machine made from the image.',
  source: [lisa('verify_omi_version'), 'CVE-2021-38647'],
  fix: { all: 'by hand: remove or update the package omi' },
  look,
};
