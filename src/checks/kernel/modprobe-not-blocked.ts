import { keyOf, valueOf as valueOfArg } from '../../formats/kernel-line.ts';
import type { Check, Facts, Finding, Looked } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { blockFindings, isGuarded, staleInitrdFindings } from '../modprobe.ts';
import { articleNow, driverArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const keys = ['modprobe.blacklist', 'module_blacklist', 'rd.driver.blacklist'];

function blocked(arg: string): { out: string[]; rest: string[] } {
  if (!keys.includes(keyOf(arg))) return { out: [], rest: [] };
  const names = (valueOfArg(arg) ?? '').split(',').filter((name) => name !== '');
  const isOut = (name: string) => isGuarded(name.replaceAll('-', '_'));
  return { out: names.filter(isOut), rest: names.filter((name) => !isOut(name)) };
}

function onKernelLines(facts: Facts): { findings: Finding[]; doubts: readonly Doubt[] } {
  const { lines, doubts } = kernelLines(facts);
  const args = argsLike(lines, (arg) => blocked(arg).out.length > 0);
  const lack = args.filter((arg) => blocked(arg).rest.length === 0);
  const swap = args
    .filter((arg) => blocked(arg).rest.length > 0)
    .map((from) => ({ from, to: `${keyOf(from)}=${blocked(from).rest.join(',')}` }));
  const findings = lineFindings(
    facts,
    lines.filter((line) => line.args.some((arg) => args.includes(arg))),
    {
      says: `keeps drivers from loading: ${args.join(' ')}`,
      want: { have: [], lack, ...(swap.length > 0 ? { swap } : {}) },
      byHand: `take ${args.flatMap((arg) => blocked(arg).out).join(', ')} out of ${args.join(' ')}`,
    },
  );
  return { findings, doubts };
}

function look(facts: Facts): Looked {
  const line = onKernelLines(facts);
  const modules = [...new Set(facts.modprobe.map((block) => block.module))].filter(isGuarded);
  return judge(
    [...blockFindings(facts, modules), ...staleInitrdFindings(facts), ...line.findings],
    [...line.doubts, ...unread(facts, /\/modprobe\.(d(\/|$)|conf$)/)],
    'nothing keeps a driver that Azure needs from loading',
  );
}

export const modprobeNotBlocked: Check = {
  id: 'modprobe-not-blocked',
  area: 'kernel',
  title: 'No needed driver is kept from loading',
  severity: 'must',
  why: 'Hardening guides disable file systems and drivers that provisioning and boot on Azure depend on.',
  source: [driverArticle, articleNow],
  fix: { all: 'apply: the line is commented out, and the initrd is made anew' },
  look,
};
