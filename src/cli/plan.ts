import { exitCodes } from '../errors.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import { installPlan, joinPlans } from '../plan/install-plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import { guestRoot, look, type Session } from './session.ts';
import { emitJson, emitText } from './show/emit.ts';
import { showPlan } from './show/plan-text.ts';

/** `prep-guest plan`: what --apply would do; reads only. */
export async function runPlan(session: Session): Promise<number> {
  const { options, printer } = session;
  const { root, where } = guestRoot(options);
  const { facts, examined, verdict, packages } = await look(session, createReadOnlyGuest(root, where));
  const plan = joinPlans(installPlan(examined, facts, packages), makePlan(examined, facts));
  if (options.format === 'json') emitJson(plan, options, printer);
  else emitText((to) => showPlan(plan, to, verdict), options, printer);
  if (plan.blockedBy.length > 0) return exitCodes.refused;
  return plan.steps.length > 0 ? exitCodes.findings : exitCodes.content;
}
