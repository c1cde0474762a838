import type { Check } from '../../model.ts';
import { article, articleNow, suseArticle } from '../sources.ts';
import { lookForUnwanted } from '../unwanted-args.ts';

export const kernelCmdlineNoQuiet: Check = {
  id: 'kernel-cmdline-no-quiet',
  area: 'boot',
  title: 'No silenced boot',
  severity: 'should',
  // CJ-4: plain `splash` does no harm and stays; SUSE's splash=silent silences as `quiet` does.
  why: 'The serial log is all there is when a boot fails, so the kernel should say what it does.',
  source: [article, articleNow, suseArticle],
  fix: { all: 'apply: the argument is taken out of every store; --skip kernel-cmdline-no-quiet keeps it' },
  look: (facts) => lookForUnwanted(facts, ['quiet', 'splash=silent'], 'it keeps boot messages out of the serial log'),
};
