import type { Check } from '../model.ts';
import { type Conduct, conducts } from './conduct.ts';
import { checks } from './index.ts';
import { shownBy } from './shown-by.ts';

/** One rule of the catalogue as people read of it. */
export interface Rule extends Conduct {
  /** `check`: looked at in the guest. `conduct`: held by how the program works. */
  readonly kind: 'check' | 'conduct';
  /** The made-up guests of the test suite on which it is seen to fail. */
  readonly shownBy: readonly string[];
}

function ruleOf(kind: Rule['kind'], rule: Conduct | Check): Rule {
  const { id, area, title, severity, why, source, fix } = rule;
  return { kind, id, area, title, severity, why, source, ...(fix && { fix }), shownBy: shownBy[id] ?? [] };
}

/** Every rule, in report order; what the program holds by itself comes behind the checks of its area. */
export const rules: readonly Rule[] = [...new Set(checks.map((check) => check.area))].flatMap((area) => [
  ...checks.filter((check) => check.area === area).map((check) => ruleOf('check', check)),
  ...conducts.filter((conduct) => conduct.area === area).map((conduct) => ruleOf('conduct', conduct)),
]);
