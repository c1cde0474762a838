import type { Rule } from '../../checks/rules.ts';
import { areas } from './areas.ts';
import { type Printer, wrap } from './printer.ts';

/** One line for each rule, below the heading of its area. */
export function showRuleList(rules: readonly Rule[], printer: Printer): void {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  for (const { area, title } of areas) {
    const here = rules.filter((rule) => rule.area === area);
    if (here.length === 0) continue;
    printer.line(printer.paint('bold', title));
    for (const rule of here) printer.line(`  ${rule.id.padEnd(width)}  ${rule.severity.padEnd(6)}  ${rule.title}`);
    printer.line();
  }
  printer.line(`${rules.length} rules. prep-guest explain ID tells why, by which source, and how it is mended.`);
}

/** How a rule is made true: the first for all, then what differs, by family. */
export function fixesOf(rule: Rule): readonly (readonly [string, string])[] {
  return Object.entries(rule.fix ?? {}).map(([family, text]) => [family, text] as const);
}

/** Everything about each rule. */
export function showRules(rules: readonly Rule[], printer: Printer): void {
  for (const rule of rules) showRule(rule, printer);
}

function showRule(rule: Rule, printer: Printer): void {
  const field = (name: string, text: string) => {
    const lines = wrap(text, printer.width - 12, '');
    for (const [at, line] of lines.entries()) printer.line(`  ${(at === 0 ? name : '').padEnd(9)} ${line}`);
  };
  printer.line(printer.paint('bold', `${rule.id} (${rule.severity})`));
  printer.line(`  ${rule.title}`);
  printer.line();
  field('why', rule.why);
  for (const [whose, text] of fixesOf(rule)) field(whose === 'all' ? 'mended' : whose, text);
  for (const [at, source] of rule.source.entries()) field(at === 0 ? 'source' : '', source);
  if (rule.kind === 'conduct') field('held by', 'how the program works: nothing in a guest could tell');
  if (rule.shownBy.length > 0) field('shown by', `${rule.shownBy.join(', ')} (guests of the test suite)`);
  printer.line();
}
