import { isLeftToSeal, severityOf } from '../../checks/examine.ts';
import type { Evidence, Examined, Facts, Finding, Verdict } from '../../model.ts';
import { areas } from './areas.ts';
import { printable } from './printable.ts';
import { type Printer, type Style, wrap } from './printer.ts';
import { countsOf, type ReportInput, saidOf } from './report.ts';

/** Longest piece of a file shown as evidence; a kernel line fits, a minified blob does not. */
const evidenceWidth = 300;

function heading(facts: Facts): string {
  const arch = facts.os.arch.is === 'there' ? facts.os.arch.value : 'architecture unknown';
  const where =
    facts.where === 'live' ? `running${facts.live?.hypervisor ? ` on ${facts.live.hypervisor}` : ''}` : 'mounted root';
  return printable(`${facts.os.distro.pretty}, ${arch}, ${where}`);
}

/** The verdict in one line: it stands first and last. */
export function verdictLine(verdict: Verdict, examined: readonly Examined[], printer: Printer): string {
  const must = examined.filter((one) => severityOf(one) === 'must');
  const failed = must.filter((one) => one.status === 'fail').length;
  const unknown = must.filter((one) => one.status === 'unknown').length;
  const rest = examined.filter((one) => one.status === 'fail' && severityOf(one) === 'should').length;
  const more = rest > 0 ? `, ${rest} recommended` : '';
  const unseen = unknown > 0 ? `, ${unknown} not seen` : '';
  switch (verdict) {
    case 'ready':
      return printer.paint('good', `READY: every rule that must hold does${more}.`);
    case 'not-ready':
      return printer.paint(
        'bad',
        `NOT READY: ${failed} ${failed === 1 ? 'rule' : 'rules'} broken that must hold${unseen}${more}.`,
      );
    case 'unknown': {
      const left = must.filter((one) => one.skippedBy === '--only').length;
      const says =
        unknown > 0
          ? `${unknown} ${unknown === 1 ? 'rule' : 'rules'} that must hold could not be looked at`
          : `--only left out ${left} ${left === 1 ? 'rule' : 'rules'} that must hold`;
      return printer.paint('warn', `UNKNOWN: ${says}${more}.`);
    }
  }
}

function mark(one: Examined): { readonly word: string; readonly style: Style } {
  switch (one.status) {
    case 'pass':
      return { word: 'ok', style: 'good' };
    case 'fail':
      if (isLeftToSeal(one)) return { word: 'at seal', style: 'dim' };
      return { word: severityOf(one), style: severityOf(one) === 'must' ? 'bad' : 'warn' };
    case 'unknown':
      return { word: 'unknown', style: 'warn' };
    default:
      return { word: one.status === 'not-applicable' ? 'n/a' : one.status, style: 'dim' };
  }
}

function showEvidence({ path, line, text }: Evidence, printer: Printer): void {
  const place = line === undefined ? path : `${path}:${line}`;
  printer.line(printer.paint('dim', `      ${printable(place)}`));
  if (text === undefined || text === '') return;
  const shown = text.length > evidenceWidth ? `${text.slice(0, evidenceWidth)} ...` : text;
  for (const part of wrap(printable(shown.trim()), printer.width - 10, '  '))
    printer.line(printer.paint('dim', `        ${part}`));
}

function showFinding(finding: Finding, printer: Printer): void {
  for (const part of wrap(printable(sentenceOf(finding)), printer.width - 6, '  ')) printer.line(`    ${part}`);
  for (const evidence of finding.evidence.slice(0, 5)) showEvidence(evidence, printer);
  if (finding.evidence.length > 5)
    printer.line(printer.paint('dim', `      and ${finding.evidence.length - 5} more places`));
  const fix = finding.wants.length > 0 ? 'prep-guest --apply does it' : 'by hand';
  const advice = finding.advice === undefined ? fix : `${fix}: ${finding.advice}`;
  for (const part of wrap(printable(`fix: ${advice}`), printer.width - 8, '  ')) printer.line(`      ${part}`);
}

/** What a finding says, with what it is about in front where the sentence does not name it. */
export function sentenceOf({ about, says }: { readonly about: string; readonly says: string }): string {
  return says.includes(about) ? says : `${about}: ${says}`;
}

function showFailed(one: Examined, findings: readonly Finding[], printer: Printer): void {
  const { word, style } = mark(one);
  for (const [index, part] of wrap(`${one.check.id}: ${one.check.title}`, printer.width - 10, '  ').entries())
    printer.line(`  ${index === 0 ? printer.paint(style, word.padEnd(8)) : ' '.repeat(8)}${part}`);
  for (const finding of findings) showFinding(finding, printer);
}

/** Checks that saw the same are one line: what is in order should not hide what is not. */
function showAlike(alike: readonly Examined[], printer: Printer): void {
  const [first] = alike;
  if (first === undefined) return;
  const { word, style } = mark(first);
  const ids = alike.map((one) => one.check.id).join(', ');
  const said = printable(saidOf(first));
  const fits = ids.length + said.length + 12 <= printer.width;
  const lines = fits
    ? [`${ids}  ${said}`]
    : [...wrap(ids, printer.width - 10, ''), ...wrap(said, printer.width - 12, '').map((part) => `  ${part}`)];
  for (const [index, line] of lines.entries()) {
    printer.line(`  ${index === 0 ? printer.paint(style, word.padEnd(8)) : ' '.repeat(8)}${line}`);
  }
}

function showArea(here: readonly Examined[], printer: Printer): void {
  const alike = new Map<string, Examined[]>();
  for (const one of here) {
    if (one.looked?.is === 'fail' && !isLeftToSeal(one)) showFailed(one, one.looked.findings, printer);
    else {
      const key = `${one.status === 'unknown' ? 0 : 1} ${one.status} ${saidOf(one)}`;
      alike.set(key, [...(alike.get(key) ?? []), one]);
    }
  }
  for (const [, group] of [...alike].sort(([a], [b]) => Number(a[0]) - Number(b[0]))) showAlike(group, printer);
}

/** The report for a person: verdict first and last, grouped by area, what fails with its evidence and fix. */
export function showReport(input: ReportInput, printer: Printer, quiet: boolean): void {
  const { examined, verdict, facts } = input;
  printer.line(printer.paint('bold', heading(facts)));
  printer.line(verdictLine(verdict, examined, printer));
  for (const { area, title } of areas) {
    const here = examined.filter(
      (one) =>
        one.check.area === area &&
        // Whoever asks for one rule need not read the names of a hundred others: their number stands below.
        one.skippedBy !== '--only' &&
        (!quiet || one.status === 'unknown' || (one.status === 'fail' && !isLeftToSeal(one))),
    );
    if (here.length === 0) continue;
    printer.line();
    printer.line(printer.paint('bold', title));
    showArea(here, printer);
  }
  const counts = countsOf(examined);
  printer.line();
  const toSeal = examined.filter(isLeftToSeal).length;
  const parts = [
    `${counts.pass} passed`,
    `${counts.fail - toSeal} failed`,
    `${counts.unknown} unknown`,
    `${counts['not-applicable']} not applicable`,
  ];
  if (toSeal > 0) parts.push(`${toSeal} left to the seal`);
  if (counts.skipped > 0) parts.push(`${counts.skipped} skipped`);
  if (counts.waived > 0) parts.push(`${counts.waived} waived`);
  printer.line(`${examined.length} checks (profile ${input.policy.profile}): ${parts.join(', ')}.`);
  printer.line(verdictLine(verdict, examined, printer));
}

/** What to do now: only what this program can do is offered. */
export function showNext({ examined }: Pick<ReportInput, 'examined'>, printer: Printer): void {
  const findings = examined.flatMap((one) =>
    one.status === 'fail' && one.looked?.is === 'fail' ? one.looked.findings.filter(({ atSeal }) => !atSeal) : [],
  );
  const byUs = findings.some((finding) => finding.wants.length > 0);
  if (byUs) printer.line('Next: `prep-guest plan` shows the changes, `prep-guest --apply` makes them.');
  else if (findings.length > 0) printer.line('Next: each finding says what to do by hand; then check again.');
  else if (examined.some(isLeftToSeal)) printer.line('Next: `prep-guest seal` does what is left to it.');
}
