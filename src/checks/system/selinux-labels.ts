import type { Check, Facts, Looked } from '../../model.ts';
import { kernelBootArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const { mode, at, relabels } = facts.system.selinux;
  const unreadable = facts.unreadable['/etc/selinux/config'];
  if (unreadable !== undefined) return { is: 'unknown', why: `/etc/selinux/config: ${unreadable}` };
  if (at === undefined || mode === 'disabled') return { is: 'not-applicable', why: 'SELinux is not in use' };
  if (facts.where === 'live') return { is: 'pass', says: 'the running kernel labels what is written' };
  if (relabels) return { is: 'pass', says: 'every file is labelled anew at the next start (/.autorelabel)' };
  return {
    is: 'not-applicable',
    why: 'nothing was changed from outside yet as far as is known; a plan that changes files has them labelled anew',
  };
}

export const selinuxLabels: Check = {
  id: 'selinux-labels',
  area: 'system',
  title: 'Files that were changed from outside are labelled',
  severity: 'must',
  why: 'Programs beside a mounted root write files without a label, or with that of another policy; enforcing, they are then not read.',
  source: [kernelBootArticle, 'rear/rear#2716', 'livecd-tools/livecd-tools#236'],
  fix: {
    all: 'Labels of files that are replaced are kept; beside a mounted root every plan adds /.autorelabel where SELinux is on: one slow start.',
  },
  look,
};
