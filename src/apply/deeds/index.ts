import type { Step } from '../../model.ts';
import type { Deed, Workplace } from './deed.ts';
import { copying, linking, removing, writing } from './files.ts';
import { buildingInitrd } from './initrd.ts';
import { installing } from './packages.ts';
import { running } from './running.ts';

/** Makes a step ready: looks, and touches nothing. Throws a sentence when the step cannot be done. */
export function deedOf(step: Step, workplace: Workplace): Promise<Deed> {
  switch (step.kind) {
    case 'write':
      return writing(step, workplace);
    case 'remove':
      return removing(step, workplace);
    case 'link':
      return linking(step, workplace);
    case 'copy':
      return copying(step, workplace);
    case 'initrd':
      return buildingInitrd(step, workplace);
    case 'packages':
      return installing(step, workplace);
    case 'run':
      return running(step, workplace);
  }
}

/** A step in a few words: `write /etc/fstab`. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'write':
    case 'remove':
      return `${step.kind} ${step.path}`;
    case 'link':
      return `link ${step.path} to ${step.to}`;
    case 'copy':
      return `copy ${step.from} to ${step.path}`;
    case 'initrd':
      return `build ${step.image} for ${step.kernel}`;
    case 'packages':
      return `install ${step.names.join(', ')}`;
    case 'run':
      return `run ${step.argv.join(' ')}`;
  }
}
