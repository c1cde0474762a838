import type { Check } from '../../model.ts';
import { article, articleNow } from '../sources.ts';
import { lookForUnwanted } from '../unwanted-args.ts';

export const kernelCmdlineNoRhgb: Check = {
  id: 'kernel-cmdline-no-rhgb',
  area: 'boot',
  title: 'No graphical boot',
  severity: 'should',
  why: 'There is no screen to show a graphical boot on, and it hides the messages that the serial log should hold.',
  source: [article, articleNow],
  fix: { all: 'apply: the argument is taken out of every store' },
  look: (facts) => lookForUnwanted(facts, ['rhgb'], 'it hides boot messages from the serial log'),
};
