import type { Check } from '../../model.ts';
import { suseArticle } from '../sources.ts';
import { lookForUnwanted } from '../unwanted-args.ts';

export const kernelCmdlineNoAtapiOff: Check = {
  id: 'kernel-cmdline-no-atapi-off',
  area: 'boot',
  title: 'The provisioning disc is not switched off',
  severity: 'must',
  why: 'On generation 1 the agent reads its orders from a DVD on the IDE controller, which these arguments take away.',
  source: [suseArticle],
  fix: { all: 'apply: the arguments are taken out of every store' },
  look: (facts) =>
    lookForUnwanted(
      facts,
      ['libata.atapi_enabled=0', 'reserve=0x1f0,0x8'],
      'the agent then finds no provisioning disc on generation 1',
    ),
};
