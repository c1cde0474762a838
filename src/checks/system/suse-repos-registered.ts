import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { repositoriesOf, unreadSources, usableSources } from '../package-sources.ts';
import { suseArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const modules = repositoriesOf(facts)?.cloudModules ?? [];
  if (modules.length === 0) return { is: 'not-applicable', why: 'only SUSE has these package sources' };
  const found = usableSources(facts).find(({ id, address }) =>
    modules.some((name) => `${id} ${address}`.toLowerCase().includes(name)),
  );
  if (found !== undefined) return { is: 'pass', says: `${found.id} is on` };
  const doubts = unreadSources(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const finding = {
    about: 'Public Cloud',
    says: 'no package source for public clouds is on, which brings the agent and cloud-init',
    evidence: [],
    wants: [],
    advice:
      'SLES: SUSEConnect --list-extensions names the module Public Cloud; openSUSE: zypper addrepo the project Cloud:Tools; not needed once the agent is installed',
  };
  return judge([finding], [], '');
}

export const suseReposRegistered: Check = {
  id: 'suse-repos-registered',
  area: 'system',
  title: 'SUSE: the packages for public clouds can be had',
  severity: 'info',
  why: 'The Azure agent and cloud-init come from the module Public Cloud, or from the project Cloud:Tools.',
  source: [suseArticle],
  fix: { all: 'nothing', suse: 'by hand: the module Public Cloud, or the repository Cloud:Tools' },
  look,
};
