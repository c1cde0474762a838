import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy } from '../fixable.ts';
import { article, certification, lisa } from '../sources.ts';
import { unread } from '../unread.ts';

/** What certification looks for; other programs' memories (editors, pagers) are merely untidy. */
function isShell(path: string): boolean {
  return /\/\.[^/]*sh_history$|\/\.history$/.test(path);
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized')
    return { is: 'not-applicable', why: 'with --mode specialized this one machine moves as it is' };
  const findings = facts.accounts.histories
    .filter((history) => history.bytes > 0)
    .map(({ path, bytes }): Finding => {
      const end = realPath(facts, path);
      return {
        about: path,
        says: `${path} ${end === path ? 'holds' : `leads to ${end},`} ${bytes} bytes of what was typed here`,
        ...(isShell(path) ? {} : { severity: 'info' as const }),
        evidence: [{ path }],
        // A link may lead to any file, /etc/passwd too: only a person can tell whether that is a history.
        ...(end === path
          ? remedy(facts, [{ kind: 'file', path, is: 'absent' }], `rm '${path}'`)
          : { wants: [], advice: `rm '${path}', and ${end} as well where it is a history` }),
      };
    });
  return judge(findings, unread(facts, /history$/), 'no history of a shell is left');
}

export const shellHistoryClean: Check = {
  id: 'shell-history-clean',
  area: 'accounts',
  title: 'No history of a shell is left',
  severity: 'must',
  why: 'Histories hold host names, paths and now and then a password; certification fails an image that has them.',
  source: [article, certification, lisa('verify_bash_history_is_empty')],
  fix: { all: 'seal: the files are removed; in your own shell: export HISTSIZE=0; history -c' },
  look,
};
