import { emptyRecord } from './record.ts';
import { readShellVars } from './shell-vars.ts';

/** Fields of an os-release file: shell assignments, of which nothing is run; what is not literal stands as written. */
export function readOsRelease(text: string): Record<string, string> {
  const fields = emptyRecord<string>();
  // Written by hand or on Windows now and then: here a CR is no part of a value.
  for (const [key, { value }] of Object.entries(readShellVars(text.replaceAll('\r', ''), '/etc/os-release')))
    fields[key] = value;
  return fields;
}

/** A distribution as a file from before os-release names it. */
export interface LegacyRelease {
  readonly id: string;
  readonly version: string;
  readonly pretty: string;
}

/** What the first line begins with, and the ID that os-release would give. The longer names come first. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat Enterprise Linux/i, 'rhel'],
  [/^(?:Oracle Linux|Enterprise Linux Enterprise Linux)/i, 'ol'],
  [/^CentOS/i, 'centos'],
  [/^Scientific Linux/i, 'scientific'],
  [/^AlmaLinux/i, 'almalinux'],
  [/^Rocky Linux/i, 'rocky'],
  [/^Fedora/i, 'fedora'],
  [/^openSUSE/i, 'opensuse'],
  [/^SUSE Linux Enterprise Desktop/i, 'sled'],
  [/^SUSE Linux Enterprise/i, 'sles'],
];

/**
 * Reads /etc/redhat-release, oracle-release, enterprise-release, centos-release, SuSE-release, lsb-release (Ubuntu's) or
 * debian_version (also Alpine's alpine-release); undefined where the text is none of what such a file holds.
 */
export function readLegacyRelease(file: string, text: string): LegacyRelease | undefined {
  const pretty = (text.split('\n', 1)[0] ?? '').trim();
  if (pretty === '') return undefined;
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (base === 'debian_version' || base === 'alpine-release') {
    const [id, name] = base === 'debian_version' ? ['debian', 'Debian GNU/Linux'] : ['alpine', 'Alpine Linux'];
    // Testing and unstable hold names (`trixie/sid`): no version yet.
    const version = /^\d[\d.]*$/.test(pretty) ? pretty : '';
    return { id, version, pretty: `${name} ${pretty}` };
  }
  if (base === 'lsb-release') {
    const { DISTRIB_ID: id, DISTRIB_RELEASE: release, DISTRIB_DESCRIPTION: description } = readOsRelease(text);
    if (id !== 'Ubuntu') return undefined;
    return { id: 'ubuntu', version: release ?? '', pretty: description ?? `Ubuntu ${release ?? ''}`.trim() };
  }
  const id = names.find(([name]) => name.test(pretty))?.[1];
  if (id === undefined) return undefined;
  const major = /^VERSION[ \t]*=[ \t]*([\d.]+)/m.exec(text)?.[1];
  const patch = /^PATCHLEVEL[ \t]*=[ \t]*(\d+)/m.exec(text)?.[1];
  const suse = major === undefined || patch === undefined || patch === '0' ? major : `${major}.${patch}`;
  return { id, version: suse ?? / (?:release )?(\d[\d.]*)/.exec(pretty)?.[1] ?? '', pretty };
}
