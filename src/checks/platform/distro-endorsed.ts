import { distroOf, releaseNumberOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { agentArticle, article } from '../sources.ts';

/** As of this day; what was endorsed later is not known here. */
const asOf = '2024-11-14';

function look(facts: Facts): Looked {
  const { distro } = facts.os;
  if (distro.from === undefined) return { is: 'unknown', why: 'no file tells which distribution this is' };
  const release = releaseNumberOf(facts.os);
  const since = distroOf(distro.family)?.endorsedFrom[distro.id];
  const listed = since !== undefined && release !== undefined && release >= since;
  if (listed) return { is: 'pass', says: `${distro.pretty} is on the list of endorsed distributions (as of ${asOf})` };
  return {
    is: 'fail',
    findings: [
      {
        about: distro.pretty,
        says: `${distro.pretty} is not on the list of endorsed distributions (as of ${asOf})`,
        evidence: [{ path: distro.from }],
        wants: [],
        advice: 'it may run all the same; support and service levels hold for endorsed distributions only',
      },
    ],
  };
}

export const distroEndorsed: Check = {
  id: 'distro-endorsed',
  area: 'platform',
  title: 'The distribution is an endorsed one',
  severity: 'info',
  why: 'The platform is supported, with its service levels, on endorsed distributions only.',
  source: [article, agentArticle],
  fix: { all: 'Nothing is done about it: it is good to know.' },
  look,
};
