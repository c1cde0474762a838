import { type Rule, rules } from '../checks/rules.ts';
import { exitCodes, PrepError } from '../errors.ts';
import type { Session } from './session.ts';
import { emitJson, emitText } from './show/emit.ts';
import { showRuleList, showRules } from './show/rule-text.ts';

function ruleNamed(id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  const near = rules.filter((rule) => rule.id.includes(id) || rule.title.toLowerCase().includes(id.toLowerCase()));
  const hint =
    near.length > 0 ? `did you mean ${near.map((rule) => rule.id).join(', ')}?` : 'prep-guest explain names them all';
  throw new PrepError('usage', `there is no rule "${id}"`, hint);
}

/** `prep-guest explain [CHECK ...]`: what each rule asks, why, by which source, and how it is mended. Needs no guest. */
export function runExplain({ options, printer, version }: Session): number {
  const chosen = options.words.length === 0 ? rules : options.words.map(ruleNamed);
  if (options.format === 'json') emitJson({ schema: 'prep-guest/rules/1', version, rules: chosen }, options, printer);
  else if (options.words.length === 0) emitText((to) => showRuleList(chosen, to), options, printer);
  else emitText((to) => showRules(chosen, to), options, printer);
  return exitCodes.content;
}
