import { parseSshInterval, readSshd } from '../../formats/sshd-config.ts';
import type { Check, Facts, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { certification, lisa, marketplace, rhelArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const wanted = '180';

/** SLES 16 and Tumbleweed keep the package's files below /usr, where an update would undo the edit. */
function isVendors(path: GuestPath): boolean {
  return path.startsWith('/usr/etc/');
}

/** A file of our own that the vendor's file includes before it, or another drop-in of the vendor's, says anything. */
function ownDropIn(facts: Facts, config: GuestPath): GuestPath | undefined {
  const [first] = readSshd(textOf(facts, config) ?? '').filter(({ block }) => block !== 'some');
  const isIncluded = first?.keyword === 'include' && first.args[0] === '/etc/ssh/sshd_config.d/*.conf';
  return isIncluded ? '/etc/ssh/sshd_config.d/10-azure.conf' : undefined;
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const { config, settings } = facts.ssh;
  if (config === undefined) return { is: 'not-applicable', why: 'no SSH server is configured' };
  const doubts = unread(facts, /\/ssh\/sshd_config/);
  if (doubts.length > 0) return judge([], doubts, '');
  const setting = settings['clientaliveinterval'];
  const seconds = setting === undefined ? 0 : (parseSshInterval(setting.value) ?? 0);
  if (seconds > 0 && seconds < 236) return { is: 'pass', says: `idle connections are kept alive every ${seconds} s` };
  // The first value wins, so the place that sets it is the place to mend.
  const decides = setting?.at.path ?? config;
  const path = realPath(facts, isVendors(decides) ? (ownDropIn(facts, config) ?? decides) : decides);
  return {
    is: 'fail',
    findings: [
      {
        about: path,
        says: `ClientAliveInterval is ${setting?.value ?? 'not set'}; Azure drops connections that are idle for four minutes`,
        evidence: setting === undefined ? [{ path: config }] : [setting.at],
        ...remedy(
          facts,
          isVendors(path) ? [] : [{ kind: 'setting', path, as: 'sshd', key: 'ClientAliveInterval', value: wanted }],
          `set "ClientAliveInterval ${wanted}" ${isVendors(path) ? 'in a file of /etc/ssh that is read before' : 'in'} ${path}, above any Match block`,
        ),
      },
    ],
  };
}

export const sshClientAlive: Check = {
  id: 'ssh-client-alive',
  area: 'ssh',
  title: 'Idle SSH connections are kept alive',
  severity: 'should',
  why: 'The load balancer forgets connections that are silent for four minutes; certification wants 30 to 235 seconds.',
  source: [certification, marketplace, rhelArticle, lisa('verify_client_active_interval')],
  fix: { all: 'apply: ClientAliveInterval 180 before any Match block, or in the drop-in that decides' },
  look,
};
