import { compareDpkgVersions } from '../../formats/dpkg-version.ts';
import { compareRpmVersions } from '../../formats/rpm-vercmp.ts';

/**
 * The kernels that Microsoft takes for corrected as to the attacks by selective acknowledgement (CVE-2019-11477, -11478 and
 * -11479): its certification FAQ of 2021-01-18. Within a series a vendor only goes up, so a later one is corrected too.
 */
export interface SackFix {
  /** Fits the versions of one series; its group is what is compared. */
  readonly series: RegExp;
  readonly from: string;
}

export interface SackFixes {
  /** What `series` is held against: the kernel's own release, or the version of its package where the release does not tell. */
  readonly by: 'release' | 'package';
  readonly fixes: readonly SackFix[];
  compare(a: string, b: string): number;
}

export const noSackFixes: SackFixes = { by: 'release', fixes: [], compare: compareRpmVersions };

/** The release of a kernel of Debian is that of its interface: `4.19.0-5`. Its package tells: `4.19.37-5`. */
export const debianSackFixes: SackFixes = {
  by: 'package',
  fixes: [
    { series: /^(3\.16\..*)$/, from: '3.16.68-2' },
    { series: /^(4\.9\..*)$/, from: '4.9.168-1+deb9u3' },
    { series: /^(4\.19\..*)$/, from: '4.19.37-5' },
  ],
  compare: compareDpkgVersions,
};

/** Kernels for clouds count their builds from 1000 on. */
export const ubuntuSackFixes: SackFixes = {
  by: 'release',
  fixes: [
    { series: /^(4\.4\.0-\d{1,3})-(?:generic|lowlatency|virtual)$/, from: '4.4.0-151' },
    { series: /^(4\.15\.0-1\d{3})-azure$/, from: '4.15.0-1049' },
    { series: /^(4\.18\.0-1\d{3})-azure$/, from: '4.18.0-1023' },
    { series: /^(5\.0\.0-1\d{3})-azure$/, from: '5.0.0-1010' },
  ],
  compare: compareRpmVersions,
};

export const rhelSackFixes: SackFixes = {
  by: 'release',
  fixes: [
    { series: /^(2\.6\.32-754\..*)$/, from: '2.6.32-754.15.3' },
    { series: /^(3\.10\.0-327\..*)$/, from: '3.10.0-327.79.2' },
    { series: /^(3\.10\.0-514\..*)$/, from: '3.10.0-514.66.2' },
    { series: /^(3\.10\.0-693\..*)$/, from: '3.10.0-693.50.3' },
    { series: /^(3\.10\.0-862\..*)$/, from: '3.10.0-862.34.2' },
    { series: /^(3\.10\.0-957\..*)$/, from: '3.10.0-957.21.3' },
    { series: /^(3\.10\.0-1\d{3}\..*)$/, from: '3.10.0-1062.1.1' },
    { series: /^(4\.18\.0-80\..*)$/, from: '4.18.0-80.4.2' },
    { series: /^(4\.18\.0-(?:1[4-9]|[2-9]\d)\d\..*)$/, from: '4.18.0-147' },
  ],
  compare: compareRpmVersions,
};

export const oracleSackFixes: SackFixes = {
  ...rhelSackFixes,
  fixes: [
    ...rhelSackFixes.fixes,
    { series: /^(2\.6\.39-400\..*uek.*)$/, from: '2.6.39-400.312.2' },
    { series: /^(3\.8\.13-118\..*uek.*)$/, from: '3.8.13-118.35.2' },
    { series: /^(4\.1\.12-124\..*uek.*)$/, from: '4.1.12-124.28.3' },
    { series: /^(4\.14\.35-(?:19|2\d)\d\d\..*uek.*)$/, from: '4.14.35-1902.2.0' },
  ],
};

/** The release lacks the last number of the package's, which counts rebuilds: 3.0.101-108.95.2 is 3.0.101-108.95. */
export const suseSackFixes: SackFixes = {
  by: 'release',
  fixes: [
    { series: /^(3\.0\.101-108\..*)-\w+$/, from: '3.0.101-108.95' },
    { series: /^(3\.12\.74-60\.64\..*)-\w+$/, from: '3.12.74-60.64.115' },
    { series: /^(4\.4\.\d+-92\..*)-\w+$/, from: '4.4.121-92.114' },
    { series: /^(4\.4\.\d+-94\..*)-default$/, from: '4.4.180-94.97' },
    { series: /^(4\.4\.\d+-4\..*)-azure$/, from: '4.4.180-4.31' },
    { series: /^(4\.12\.14-95\..*)-default$/, from: '4.12.14-95.19' },
    { series: /^(4\.12\.14-6\..*)-azure$/, from: '4.12.14-6.15' },
    { series: /^(4\.12\.14-5\..*)-azure$/, from: '4.12.14-5.30' },
  ],
  compare: compareRpmVersions,
};
