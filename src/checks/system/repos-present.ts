import type { Check, Facts, Finding, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { repositoriesOf, type Source, unreadSources, usableSources } from '../package-sources.ts';
import { lisa, ubuntuArticle } from '../sources.ts';

function noneAtAll(facts: Facts): Finding {
  const off = facts.software.sources ?? [];
  const registered = repositoriesOf(facts)?.byRegistration(facts.os) === true;
  return {
    about: 'package sources',
    says:
      off.length > 0
        ? `${off.length} package sources are named, and none of them is on and in the network`
        : 'no package source is named',
    severity: registered ? 'info' : 'should',
    evidence: off.slice(0, 3).map(({ at }) => at),
    wants: [],
    advice: registered
      ? 'nothing before a machine runs: registering it, or the update service of Azure, brings its sources'
      : 'name a package source in the network, or switch one on',
  };
}

/** A list of mirrors in a file of its own is one more file that only the package manager reads. */
const isList = ({ address }: Source) => /^mirror(?:\+|:)/.test(address);

function otherMirror(facts: Facts, sources: readonly Source[]): Finding[] {
  const habits = repositoriesOf(facts);
  const { arch } = facts.os;
  if (habits === undefined || arch.is !== 'there') return [];
  const mirrors = habits.mirrors(facts.os, arch.value);
  const fits = (source: Source) => isList(source) || mirrors.some((mirror) => source.address.includes(mirror));
  if (mirrors.length === 0 || sources.some(fits)) return [];
  const { better } = habits;
  const slow = better && sources.find(({ address }) => better.from.test(address));
  const [first] = sources;
  return [
    {
      about: 'mirror',
      says: `no package source is at ${mirrors.join(' or ')}`,
      severity: 'info',
      evidence: first === undefined ? [] : [(slow ?? first).at],
      wants: [],
      advice: slow
        ? `in ${slow.at.path}: ${better.to} in the place of ${better.from.exec(slow.address)?.[0]}, which is near every machine there`
        : 'leave it where this mirror can be reached from Azure',
    },
  ];
}

function missingParts(facts: Facts, sources: readonly Source[]): Finding[] {
  const parts = repositoriesOf(facts)?.parts ?? [];
  const isThere = (part: string) =>
    sources.some(({ id, address }) => id.endsWith(part) || address.replace(/\/+$/, '').endsWith(part));
  return parts
    .filter((part) => !isThere(part))
    .map((part) => ({
      about: part,
      says: `no package source ends in "${part}", where updates come from`,
      severity: 'info',
      evidence: sources.slice(0, 1).map(({ at }) => at),
      wants: [],
      advice: `add the source that ends in "${part}", unless updates come another way`,
    }));
}

function look(facts: Facts): Looked {
  if (facts.software.sources === undefined)
    return { is: 'unknown', why: 'it is not known where this system gets its packages from', severity: 'info' };
  const sources = usableSources(facts);
  const doubts = unreadSources(facts);
  // One that was not seen may be on, near and of updates.
  if (doubts.length > 0) return judge([], doubts, '');
  if (sources.length === 0) return judge([noneAtAll(facts)], [], '');
  const findings = [...otherMirror(facts, sources), ...missingParts(facts, sources)];
  return judge(findings, [], `${sources.length} package sources, the first at ${sources[0]?.address}`);
}

export const reposPresent: Check = {
  id: 'repos-present',
  area: 'system',
  title: 'Packages can be had from the network',
  severity: 'should',
  why: 'A machine without package sources gets no corrections, and extensions that install something fail.',
  source: [lisa('verify_repository_installed'), ubuntuArticle],
  fix: {
    all: 'by hand: at least one enabled package source in the network',
    ubuntu: 'by hand: azure.archive.ubuntu.com, with -updates and -security',
    debian: 'by hand: deb.debian.org or a mirror in Azure',
    oracle: 'by hand: the repository whose name ends in latest',
  },
  look,
};
