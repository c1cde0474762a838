import { distroOf, releaseOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { rhelArticle } from '../sources.ts';

const key = 'GRUB_ENABLE_BLSCFG';

function look(facts: Facts): Looked {
  const { boot, os } = facts;
  if (distroOf(os.distro.family)?.boot.callsEntries(releaseOf(os)) !== true)
    return { is: 'not-applicable', why: `menus of ${os.distro.pretty} hold their entries themselves` };
  if (boot.kind === 'unknown') return { is: 'unknown', why: boot.why };
  const [path = '/etc/default/grub'] = boot.sources;
  const unreadable = facts.unreadable[path];
  if (unreadable !== undefined) return { is: 'unknown', why: `${path} cannot be read: ${unreadable}` };
  const setting = boot.settings[key];
  if (setting?.literal === false) return { is: 'unknown', why: `${path}: ${key} is put together by shell code` };
  if (setting?.value === 'true') return { is: 'pass', says: `${key}=true: new kernels get an entry of their own` };
  const finding = {
    about: path,
    says: `${setting === undefined ? `${key} is not set` : `${key}=${setting.value}`}: the next menu would hold its entries itself, which grubby does not edit`,
    evidence: setting === undefined ? [] : [setting.at],
    wants: [],
    advice: `write ${key}=true into ${path} unless that is meant (the article leaves GRUB_ out of the name)`,
  };
  return judge([finding], [], '');
}

export const grubBlscfg: Check = {
  id: 'grub-blscfg',
  area: 'boot',
  title: 'Boot entries are files of their own',
  severity: 'info',
  why: 'From release 8 on, kernel packages and grubby write entries below /boot/loader; a menu made without them goes stale.',
  source: [rhelArticle],
  fix: { all: 'not asked for', rhel: 'by hand: GRUB_ENABLE_BLSCFG=true in /etc/default/grub' },
  look,
};
