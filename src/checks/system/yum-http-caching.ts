import { readIniLines } from '../../formats/ini-lines.ts';
import type { Check, Facts, GuestPath, Looked } from '../../model.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { repositoriesOf } from '../package-sources.ts';
import { centosArticle, lisa } from '../sources.ts';
import { unread } from '../unread.ts';

const conf: GuestPath = '/etc/yum.conf';
const key = 'http_caching';

function look(facts: Facts): Looked {
  if (repositoriesOf(facts)?.cachesMetadata(facts.os) !== true)
    return { is: 'not-applicable', why: 'only releases before 6.6 are asked for it' };
  const doubt = unread(facts, /^\/etc\/yum\.conf$/)[0];
  const text = textOf(facts, conf);
  if (doubt !== undefined || text === undefined)
    return { is: 'unknown', why: `${conf}: ${doubt?.why ?? 'it is not there'}` };
  const set = readIniLines(text).findLast((line) => line.section === 'main' && line.key === key);
  if (set?.value === 'packages') return { is: 'pass', says: `${key}=packages` };
  return {
    is: 'fail',
    findings: [
      {
        about: conf,
        says: set === undefined ? `${conf} does not set ${key}: metadata is cached as well` : `${key} is ${set.value}`,
        evidence: [set === undefined ? { path: conf } : { path: conf, line: set.line, text: set.text }],
        ...remedy(
          facts,
          [{ kind: 'setting', path: realPath(facts, conf), as: 'ini', section: 'main', key, value: 'packages' }],
          `in ${conf}, section main: ${key}=packages`,
        ),
      },
    ],
  };
}

export const yumHttpCaching: Check = {
  id: 'yum-http-caching',
  area: 'system',
  title: 'yum lets proxies cache packages only',
  severity: 'should',
  why: 'On release 6 before 6.6 a proxy between a machine and its package sources hands out old metadata.',
  source: [centosArticle, lisa('verify_yum_conf')],
  fix: { all: 'nothing', rhel: 'before 6.6: http_caching=packages in /etc/yum.conf', oracle: 'likewise' },
  look,
};
