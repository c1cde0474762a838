import { distroOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { hasProgram, lacksPackage, programFolders } from '../missing.ts';
import { articleNow, rhelArticle, ubuntuArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const jobs = {
  growpart: 'the root partition stays as small as the image',
  sgdisk: 'growpart cannot grow a partition on a GPT disk where sfdisk is old',
} as const;

function look(facts: Facts): Looked {
  const growth = distroOf(facts.os.distro.family)?.packages.growth;
  const doubts = unread(facts, programFolders);
  if (doubts.length > 0) return judge([], doubts, '');
  // Only cloud-init calls them: without it they wait for a person.
  const milder = facts.agent.cloudInit.installed ? {} : { severity: 'info' as const };
  const findings = (['growpart', 'sgdisk'] as const)
    .filter((name) => !hasProgram(facts, name))
    .map((name) => {
      const says = `${name} is missing: ${jobs[name]}`;
      return lacksPackage(facts, growth?.[name] ?? name, { about: name, says, ...milder });
    });
  return judge(findings, [], 'growpart and sgdisk are there');
}

export const growpartGdisk: Check = {
  id: 'growpart-gdisk',
  area: 'agent',
  title: 'The root partition can grow',
  severity: 'should',
  why: 'A machine may get a larger disk than the image has; growpart and gdisk let cloud-init use all of it.',
  source: [articleNow, rhelArticle, ubuntuArticle],
  fix: {
    all: 'by hand, or with --install-packages: the packages that bring growpart and sgdisk',
    debian: 'cloud-guest-utils and gdisk',
    ubuntu: 'cloud-guest-utils and gdisk',
    rhel: 'cloud-utils-growpart and gdisk',
    suse: 'growpart and gptfdisk',
  },
  look,
};
