import { keyOf } from '../../formats/kernel-line.ts';
import type { Check, Facts, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { anyArg, argsLike, type KernelLine, kernelLines, lineFindings } from '../kernel-lines.ts';
import { article, articleNow, certification, lisa, rhelArticle } from '../sources.ts';

const isConsole = (arg: string) => keyOf(arg) === 'console';

/** The serial port of the platform: a 16550 on x86, a PL011 on arm64. */
function serialPort(facts: Facts): { name: string; wanted: string } {
  const arm = facts.os.arch.is === 'there' && /^(aarch64|arm64)$/.test(facts.os.arch.value);
  return arm ? { name: 'ttyAMA0', wanted: 'console=ttyAMA0' } : { name: 'ttyS0', wanted: 'console=ttyS0,115200n8' };
}

/**
 * One want for all lines: the serial console once, in the long spelling, at the end, because the last console= becomes
 * /dev/console (CJ-2: other consoles stay). tty1 comes along only where no line names any console.
 */
function wantOf(lines: readonly KernelLine[], name: string, wanted: string) {
  const screen = anyArg(lines, isConsole) ? [] : ['console=tty1'];
  const spelt = argsLike(lines, (arg) => isSerial(arg, name));
  return { have: [...screen, wanted], lack: spelt };
}

function isSerial(arg: string, name: string): boolean {
  return arg === `console=${name}` || arg.startsWith(`console=${name},`);
}

function look(facts: Facts, policy: Policy) {
  const { lines, doubts } = kernelLines(facts);
  const { name, wanted } = serialPort(facts);
  const literal = policy.profile === 'seed-2018';
  const holds = (line: KernelLine) => line.args.some((arg) => (literal ? arg === wanted : isSerial(arg, name)));
  const without = lines.filter((line) => !holds(line));
  const notLast = lines.filter((line) => holds(line) && !isSerial(line.args.filter(isConsole).at(-1) ?? '', name));
  const want = wantOf(lines, name, wanted);
  const findings = [
    ...lineFindings(facts, without, { says: `lacks ${literal ? wanted : `console=${name}`}`, want }),
    ...lineFindings(facts, notLast, {
      says: `names another console after ${name}, so boot messages of services do not reach the serial log`,
      want,
      severity: 'should',
    }),
  ];
  const odd = argsLike(lines, (arg) => isSerial(arg, name) && arg !== `console=${name}` && !arg.includes(',115200'));
  const note = odd.length > 0 ? ` (${odd.join(' ')}: the speed does not matter there)` : '';
  return judge(findings, doubts, `every kernel line ends its consoles with ${name}${note}`);
}

export const kernelCmdlineConsole: Check = {
  id: 'kernel-cmdline-console',
  area: 'boot',
  title: 'The kernel logs to the serial console',
  severity: 'must',
  why: 'A virtual machine in Azure has no screen: the serial port is where boot messages go and where support looks.',
  source: [article, articleNow, rhelArticle, certification, lisa('verify_serial_console_is_enabled')],
  fix: {
    all: 'apply: console=tty1 console=ttyS0,115200n8 (arm64: ttyAMA0) in every store of the kernel line, the serial one last',
  },
  look,
};
