import { keyOf } from '../../formats/kernel-line.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { argsLike, kernelLines } from '../kernel-lines.ts';
import { article, articleNow, rhelArticle } from '../sources.ts';
import { lookForUnwanted } from '../unwanted-args.ts';

function look(facts: Facts): Looked {
  const looked = lookForUnwanted(
    facts,
    ['crashkernel=auto'],
    'it sets aside 128 MB or more, which a small machine misses (kdump needs an explicit size instead)',
  );
  if (looked.is !== 'pass') return looked;
  // CJ-5: an explicit size is somebody's decision.
  const kept = argsLike(kernelLines(facts).lines, (arg) => keyOf(arg) === 'crashkernel');
  return kept.length === 0 ? looked : { is: 'pass', says: `${kept.join(' ')} stays: an explicit size was asked for` };
}

export const kernelCmdlineNoCrashkernelAuto: Check = {
  id: 'kernel-cmdline-no-crashkernel-auto',
  area: 'boot',
  title: 'No automatic memory reserve for crash dumps',
  severity: 'should',
  why: 'crashkernel=auto takes memory away from every size of machine, also from the smallest.',
  source: [article, articleNow, rhelArticle],
  fix: { all: 'apply: exactly crashkernel=auto is taken out; explicit sizes stay' },
  look,
};
