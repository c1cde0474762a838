import type { Check, Facts, Kernel, Looked } from '../../model.ts';
import { fullKernelByHand } from '../by-hand.ts';
import { eachKernel, type Seen } from '../drivers.ts';
import { article } from '../sources.ts';

const symbols: Readonly<Record<string, string>> = {
  aarch64: 'CONFIG_SERIAL_AMBA_PL011_CONSOLE',
  arm64: 'CONFIG_SERIAL_AMBA_PL011_CONSOLE',
};
const onX86 = 'CONFIG_SERIAL_8250_CONSOLE';

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const arch = facts.os.arch.is === 'there' ? facts.os.arch.value : '';
  const symbol = symbols[arch] ?? onX86;
  const { version, config } = kernel;
  if (config.is !== 'there') {
    const why = `its configuration ${config.is === 'absent' ? 'is not there' : `cannot be read: ${config.why}`}`;
    return { findings: [], doubts: [{ about: version, why, severity: 'should' }] };
  }
  if (config.value[symbol] === 'y') return { findings: [], doubts: [] };
  const finding = {
    about: version,
    says: `kernel ${version} cannot write to the serial port while it starts: ${symbol} is not built in`,
    evidence: [{ path: `/boot/config-${version}` as const }],
    wants: [],
    advice: fullKernelByHand(facts, version),
  };
  return { findings: [finding], doubts: [] };
}

function look(facts: Facts): Looked {
  return eachKernel(facts, 'every bootable kernel can write to the serial port', (kernel) => lookAt(facts, kernel));
}

export const kernelSerialConsole: Check = {
  id: 'kernel-serial-console',
  area: 'kernel',
  title: 'The kernel has a serial console',
  severity: 'should',
  why: 'console=ttyS0 does nothing in a kernel that was built without a console on the serial port.',
  source: [article],
  fix: { all: 'by hand: a kernel that was built with a serial console' },
  look,
};
