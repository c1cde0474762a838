import { keyOf } from '../../formats/kernel-line.ts';
import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { argsLike, type KernelLine, kernelLines, lineFindings } from '../kernel-lines.ts';
import { article, articleNow, certification, rhelArticle } from '../sources.ts';

const wanted = 'earlyprintk=ttyS0,115200';

/** Both forms of the kernel's own documentation name the first serial port: `ttyS0[,speed]` and `serial[,ttyS0[,speed]]`. */
const accepted = /^earlyprintk=(ttyS0(,.*)?|serial(,ttyS0.*|,0x3f8.*)?)$/;

function look(facts: Facts, policy: Policy): Looked {
  if (facts.os.arch.is === 'there' && !/^(x86_64|amd64|i.86)$/.test(facts.os.arch.value))
    return { is: 'not-applicable', why: `earlyprintk=ttyS0 is for x86, this is ${facts.os.arch.value}` };
  const { lines, doubts } = kernelLines(facts);
  const test = policy.profile === 'seed-2018' ? (arg: string) => arg === wanted : (arg: string) => accepted.test(arg);
  const without = (line: KernelLine) => !line.args.some(test);
  // The first earlyprintk= is the one that counts, so another one must go for ours to work.
  const others = argsLike(lines, (arg) => keyOf(arg) === 'earlyprintk' && arg !== wanted);
  const findings = lineFindings(facts, lines.filter(without), {
    says: `lacks ${wanted}`,
    want: { have: [wanted], lack: others },
  });
  return judge(findings, doubts, 'every kernel line sends its earliest messages to ttyS0');
}

export const kernelCmdlineEarlyprintk: Check = {
  id: 'kernel-cmdline-earlyprintk',
  area: 'boot',
  title: 'The earliest kernel messages go to the serial port',
  severity: 'should',
  why: 'Without it a kernel that stops before its console driver starts leaves no trace at all.',
  source: [article, articleNow, rhelArticle, certification],
  fix: { all: 'apply: earlyprintk=ttyS0,115200, once, on x86 only' },
  look,
};
