import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { rhelArticle } from '../sources.ts';
import { unread } from '../unread.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { registrations } = facts.system;
  const findings = registrations.map((path) => ({
    about: path,
    says: `${path} is of the machine that the image was made on`,
    evidence: [{ path }],
    wants: [],
    advice: /ks\.cfg$|anaconda/.test(path)
      ? `rm '${path}'`
      : 'unregister: subscription-manager unregister and clean, SUSEConnect --cleanup, or pro detach',
  }));
  return judge(
    findings,
    unread(facts, /^\/(etc\/(pki\/consumer|insights-client|zypp\/credentials\.d)|var\/lib\/rhsm)/),
    'no registration and no record of an installer is left',
  );
}

export const subscriptionClean: Check = {
  id: 'subscription-clean',
  area: 'seal',
  title: 'The image is not registered as one machine',
  severity: 'should',
  why: "Clones would share one registration with the vendor; an installer's answers hold hashes of passwords.",
  source: [rhelArticle],
  fix: { all: 'Unregister by hand, which tells the vendor as well; remove what the installer left.' },
  look,
};
