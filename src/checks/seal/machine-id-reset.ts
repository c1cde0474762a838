import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { lookForTraces } from '../at-seal.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { cloudInit, systemdImages, waagent } from '../sources.ts';

/** An id, not the word `firmware`, which has each machine take its own. */
const isFixedId = (arg: string) => /^systemd\.machine_id=[0-9a-f-]{32,36}$/i.test(arg);

/** kernel-install writes the id into entries that are named after it (90-loaderentry.install), and it wins over the file. */
function onKernelLines(facts: Facts): Finding[] {
  const { lines } = kernelLines(facts);
  const held = argsLike(lines, isFixedId);
  const faulty = lines.filter((line) => line.args.some(isFixedId));
  const says = `holds ${held.join(' ')}: every machine made from the image would have that id`;
  return lineFindings(facts, faulty, { says, want: { have: [], lack: held }, severity: 'should' });
}

function look(facts: Facts, policy: Policy): Looked {
  const traces = lookForTraces(facts, policy, {
    traces: ['machine-id', 'dbus-machine-id'],
    says: (paths) => `${paths.join(' and ')} ${paths.length === 1 ? 'holds' : 'hold'} the id of this machine`,
    clean: 'no file holds the id of a machine',
    newer: true,
  });
  const findings = traces.is === 'not-applicable' ? [] : onKernelLines(facts);
  if (findings.length === 0) return traces;
  const doubts = traces.is === 'unknown' ? [{ about: '/etc/machine-id', ...traces }] : [];
  return judge([...(traces.is === 'fail' ? traces.findings : []), ...findings], doubts, '');
}

export const machineIdReset: Check = {
  id: 'machine-id-reset',
  area: 'seal',
  title: 'The image has no machine id',
  severity: 'should',
  why: 'Clones with one id get the same DHCP address, mix up their journals and look like one machine to management tools.',
  source: [systemdImages, cloudInit, waagent],
  fix: {
    all:
      'The seal empties /etc/machine-id and keeps the file, and removes /var/lib/dbus/machine-id where it is no link; ' +
      '--skip machine-id-reset keeps the id. Boot entries that are named after the old id keep their names. ' +
      'Apply takes systemd.machine_id= off the kernel lines.',
    alpine: 'The seal removes /etc/machine-id: without systemd it is made anew only where there is no file.',
  },
  look,
};
