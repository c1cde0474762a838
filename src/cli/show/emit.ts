import { writeReport } from '../../guest/host.ts';
import type { Options } from '../options.ts';
import { printableJson } from './printable.ts';
import { createPrinter, type Printer } from './printer.ts';
import { jsonReport, type ReportInput } from './report.ts';
import { showReport } from './text-report.ts';

/** Prints JSON, or writes it to --output. */
export function emitJson(value: object, options: Options, printer: Printer): void {
  const text = `${printableJson(value)}\n`;
  if (options.output === undefined) printer.raw(text);
  else writeReport(options.output, text);
}

/** Runs `show` on the terminal, or collects what it prints for --output. */
export function emitText(show: (printer: Printer) => void, options: Options, printer: Printer): void {
  if (options.output === undefined) {
    show(printer);
    return;
  }
  const parts: string[] = [];
  const collect = { write: (part: string) => parts.push(part) };
  show(createPrinter(collect, collect, {}, { color: false, quiet: options.quiet }));
  writeReport(options.output, parts.join(''));
}

/** The report in the format asked for. */
export function emitReport(input: ReportInput, options: Options, printer: Printer): void {
  if (options.format === 'json') emitJson(jsonReport(input), options, printer);
  else emitText((to) => showReport(input, to, options.quiet), options, printer);
}
