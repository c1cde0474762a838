import { unitNamed } from '../checks/fixable.ts';
import type { Facts, GuestPath, Plan, PlannedStep, UnitLinks, UnitState } from '../model.ts';
import { type Wanted, wantsOf } from './wants.ts';

/** Services are switched by their links, which is all that systemctl, chkconfig and rc-update do; it works on a root that is not running. */
export function unitSteps(wants: readonly Wanted[], facts: Facts, blocked: Plan['blockedBy'][number][]): PlannedStep[] {
  return wantsOf(wants, 'unit').flatMap(({ change, why }): PlannedStep[] => {
    const links = linksFor(unitNamed(facts, change.name), change.state, facts);
    if (links === undefined) {
      const says = `${change.name} cannot be ${change.state} here: no links that would do it are known`;
      blocked.push({ check: why[0]?.check ?? '', says });
      return [];
    }
    return [
      ...links.drop.map((path): PlannedStep => ({ step: { kind: 'remove', path }, why })),
      ...links.make.map(({ path, to }): PlannedStep => ({ step: { kind: 'link', path, to }, why })),
    ];
  });
}

/** Only systemd knows masks: a link of the unit's own name. */
function linksFor(
  unit: UnitState | undefined,
  state: 'enabled' | 'disabled' | 'masked',
  facts: Facts,
): UnitLinks | undefined {
  if (unit === undefined) return undefined;
  if (state !== 'masked') return state === 'enabled' ? unit.toEnable : unit.toDisable;
  const own: GuestPath = `/etc/systemd/system/${unit.name}`;
  return facts.os.init === 'systemd' ? { make: [{ path: own, to: '/dev/null' }], drop: [] } : undefined;
}
