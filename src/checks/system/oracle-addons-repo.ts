import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { repositoriesOf, unreadSources } from '../package-sources.ts';
import { oracleArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const id = repositoriesOf(facts)?.addons(facts.os);
  if (id === undefined) return { is: 'not-applicable', why: 'only Oracle Linux has this package source' };
  const named = facts.software.sources?.filter((source) => source.id === id) ?? [];
  if (named.some((source) => source.enabled)) return { is: 'pass', says: `${id} is on` };
  const doubts = unreadSources(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const says = named.length > 0 ? `the package source ${id} is off` : `the package source ${id} is not named`;
  const advice = `yum-config-manager --enable ${id}, where the agent is to come from it`;
  return judge([{ about: id, says, evidence: named.map(({ at }) => at), wants: [], advice }], [], '');
}

export const oracleAddonsRepo: Check = {
  id: 'oracle-addons-repo',
  area: 'system',
  title: 'Oracle: the package source addons is on',
  severity: 'info',
  why: 'Oracle packages the Azure agent in its package source addons.',
  source: [oracleArticle],
  fix: {
    all: 'nothing',
    oracle: 'by hand: yum-config-manager --enable ol7_addons (the number is that of the release)',
  },
  look,
};
