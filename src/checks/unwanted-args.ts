import type { Facts, Looked } from '../model.ts';
import { judge } from './answer.ts';
import { argsLike, kernelLines, lineFindings } from './kernel-lines.ts';

/** Looks for arguments that no kernel line should hold: exact tokens, so `quiet` is not found inside another word. */
export function lookForUnwanted(facts: Facts, unwanted: readonly string[], because: string): Looked {
  const { lines, doubts } = kernelLines(facts);
  const found = argsLike(lines, (arg) => unwanted.includes(arg));
  const faulty = lines.filter((line) => line.args.some((arg) => unwanted.includes(arg)));
  const findings = lineFindings(facts, faulty, {
    says: `holds ${found.join(' ')}: ${because}`,
    want: { have: [], lack: found },
  });
  return judge(findings, doubts, `no kernel line holds ${unwanted.join(' or ')}`);
}
