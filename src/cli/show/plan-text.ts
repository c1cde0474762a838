import { outputIn } from '../../apply/deeds/initrd.ts';
import { unifiedDiff } from '../../formats/unified-diff.ts';
import type { Plan, PlannedStep, Step, Verdict } from '../../model.ts';
import { printable } from './printable.ts';
import { type Printer, wrap } from './printer.ts';
import { sentenceOf } from './text-report.ts';

/** A step in one line: what it does, to what. */
function stepTitle(step: Step): string {
  switch (step.kind) {
    case 'write':
      return step.before === null ? `create ${step.path}` : `edit ${step.path}`;
    case 'remove':
      return `remove ${step.path}`;
    case 'link':
      return `link ${step.path} -> ${step.to}`;
    case 'copy':
      return `copy ${step.from} to ${step.path}`;
    case 'initrd':
      return `rebuild ${step.image} (kernel ${step.kernel})`;
    case 'packages':
      return `install ${step.names.join(', ')}`;
    case 'run':
      return `run ${step.argv.join(' ')}`;
  }
}

function showDiff(step: Extract<Step, { kind: 'write' }>, printer: Printer): void {
  for (const line of unifiedDiff(step.path, step.before, step.content).split('\n')) {
    if (line === '') continue;
    const style = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'take' : 'dim';
    printer.line(printer.paint(style, `    ${printable(line)}`));
  }
}

function showStep({ step, why }: PlannedStep, number: number, printer: Printer): void {
  printer.line(printer.paint('bold', printable(`${number}. ${stepTitle(step)}`)));
  for (const reason of why) {
    const text = `${reason.check}: ${sentenceOf(reason)}`;
    for (const part of wrap(printable(text), printer.width - 6, '  ')) printer.line(`   ${part}`);
  }
  if (step.kind === 'write') showDiff(step, printer);
  if (step.kind === 'packages') {
    const from =
      step.files.length === 0 ? 'from the network' : `from ${step.files.map((file) => file.from).join(', ')}`;
    const honest = `    by ${step.manager}, ${from}. A rollback has it remove what has come, and compares the lists of packages: the`;
    printer.line(printable(honest));
    printer.line(
      '    files of the guest are then not byte for byte those of before. What follows is planned anew afterwards.',
    );
  }
  if (step.kind === 'initrd') {
    printer.line(
      `    ${printable(step.build.map((word) => outputIn(word, `${step.image}.prep-guest-new`)).join(' '))}`,
    );
    const must = step.must.length > 0 ? `must then hold ${step.must.join(', ')}` : 'must then read back whole';
    printer.line(printable(`    ${must}; the old one is kept as ${step.image}.bak`));
  }
}

/** The plan for a person: blocked first, then each step with its reasons, diff or command. */
export function showPlan(plan: Plan, printer: Printer, verdict: Verdict): void {
  for (const { check, says, advice } of plan.blockedBy) {
    printer.line(printer.paint('bad', printable(`blocked (${check}): ${says}`)));
    if (advice !== undefined) printer.line(printable(`  ${advice}`));
  }
  if (plan.blockedBy.length === 0 && plan.steps.length === 0) {
    const rest = verdict === 'ready' ? '' : ' What remains is for a person: see prep-guest check.';
    printer.line(`Nothing to change.${rest}`);
  }
  plan.steps.forEach((planned, index) => {
    if (index > 0) printer.line();
    showStep(planned, index + 1, printer);
  });
}
