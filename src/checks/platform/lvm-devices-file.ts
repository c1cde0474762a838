import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { unread } from '../unread.ts';

function look(facts: Facts): Looked {
  const at = facts.system.lvmDevices;
  const doubts = unread(facts, /^\/etc\/lvm\/devices\/system\.devices$/);
  if (at === undefined) return judge([], doubts, 'no list ties LVM to the disk of this machine');
  const onLvm = facts.storage.mounts.some((mount) => mount.on === 'lvm');
  const finding = {
    about: at.path,
    says: `${at.path} ties LVM to the identity of the disk this was installed on`,
    ...(onLvm ? {} : { severity: 'info' as const }),
    evidence: [at],
    wants: [],
    advice: `rm ${at.path}, rebuild the initrd, and run vgimportdevices -a on the new machine`,
  };
  return judge([finding], doubts, '');
}

export const lvmDevicesFile: Check = {
  id: 'lvm-devices-file',
  area: 'platform',
  title: 'LVM is not tied to one disk',
  severity: 'should',
  why: 'LVM uses no disk that is not in its list, and on Azure the disk has another identity: volumes are then not found.',
  source: ['lvmdevices(8)', 'canonical/cloud-init#1514'],
  fix: { all: 'Remove the list by hand and rebuild the initrd, which holds a copy.' },
  look,
};
