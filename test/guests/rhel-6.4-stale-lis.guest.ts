import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

const kernel = '2.6.32-754.el6.x86_64';

/** As depmod lists them: extra/ goes before kernel/. */
const dep = [
  'extra/microsoft-hyper-v/hv_vmbus.ko:',
  'extra/microsoft-hyper-v/hv_storvsc.ko: extra/microsoft-hyper-v/hv_vmbus.ko kernel/drivers/scsi/scsi_mod.ko',
  'kernel/drivers/net/hyperv/hv_netvsc.ko: extra/microsoft-hyper-v/hv_vmbus.ko',
  'kernel/drivers/scsi/scsi_mod.ko:',
  'kernel/drivers/scsi/sd_mod.ko: kernel/drivers/scsi/scsi_mod.ko',
  '',
].join('\n');

export const guest: PhonyGuest = {
  about:
    'CentOS 6.10 (traps 29 and 30): drivers of a LIS package built for another kernel lie in extra/ and are picked before those of the kernel.',
  tree: {
    ...redhat({
      id: 'centos',
      name: 'CentOS',
      version: '6.10',
      kernel,
      boot: 'legacy',
      provisioner: 'waagent',
      line: 'console=ttyS0 earlyprintk=ttyS0 rootdelay=300',
    }),
    [`/lib/modules/${kernel}/extra/microsoft-hyper-v/hv_vmbus.ko`]:
      'vermagic=2.6.32-696.el6.x86_64 SMP mod_unload modversions\0',
    [`/lib/modules/${kernel}/extra/microsoft-hyper-v/hv_storvsc.ko`]:
      'vermagic=2.6.32-696.el6.x86_64 SMP mod_unload modversions\0',
    [`/lib/modules/${kernel}/modules.dep`]: dep,
  },
  shows: ['lis-package-rhel6'],
};
