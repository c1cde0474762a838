import { type Disagreement, disagreements } from '../../families/bootloader/agreement.ts';
import { joinArgs } from '../../formats/kernel-line.ts';
import type { BootEntry, Check, Evidence, Facts, Finding, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { menuByHand } from '../by-hand.ts';
import { remedy } from '../fixable.ts';
import { kernelLines } from '../kernel-lines.ts';
import { articleNow, kernelBootArticle, rhelArticle } from '../sources.ts';

function heldBy(entries: readonly BootEntry[]): Evidence[] {
  return entries.map(({ at, args }) => ({ ...at, text: joinArgs(args) }));
}

/** Entries that lack what is asked for: the menu was not made anew after an edit, or the edit never reaches it. */
function outdated(facts: Facts, { asks, entries, missing }: Disagreement, decides: boolean): Finding[] {
  const behind = entries.filter((entry) => missing.some((arg) => !entry.args.includes(arg)));
  const first = behind[0];
  if (first === undefined) return [];
  const which = behind.length === 1 ? `boot entry "${first.title}" does` : `${behind.length} boot entries do`;
  const who = decides ? 'the sources ask' : `${asks.at.path}, read by ${asks.readBy}, asks`;
  return [
    {
      about: first.at.path,
      says: `${who} for ${joinArgs(missing)}, which ${which} not hold`,
      ...(decides ? {} : { severity: 'should' as const }),
      evidence: heldBy(behind),
      ...remedy(facts, [{ kind: 'kernel-args-agree' }], menuByHand(facts)),
    },
  ];
}

/** Arguments that stand only in the menu: they last until the next kernel update. */
function shortLived({ asks, entries, extra }: Disagreement, decides: boolean): Finding[] {
  const ahead = entries.filter((entry) => extra.some((arg) => entry.args.includes(arg)));
  const first = ahead[0];
  if (first === undefined) return [];
  const drops = decides ? 'the next update drops it' : `${asks.readBy} drops it`;
  return [
    {
      about: first.at.path,
      says: `${joinArgs(extra)} stands only in the menu: ${drops}`,
      severity: 'info',
      evidence: heldBy(ahead),
      wants: [],
      advice: `add it to ${nameOf(asks.at)} if it is meant to stay`,
    },
  ];
}

function nameOf({ path, text }: Evidence): string {
  const name = /^\s*(?:export\s+)?(\w+)=/.exec(text ?? '')?.[1];
  return name === undefined ? path : `${name} in ${path}`;
}

/** Two values for what takes one: which is meant only a person can say. */
function clashing({ asks, entries, clashes }: Disagreement): Finding[] {
  const first = entries[0];
  if (first === undefined || clashes.length === 0) return [];
  const pairs = clashes.map(({ asked, held }) => `${asked} there, ${held} in the boot menu`).join('; ');
  return [
    {
      about: asks.at.path,
      says: `it says otherwise than the boot menu: ${pairs}`,
      severity: 'should',
      evidence: [asks.at, ...heldBy(entries)],
      wants: [],
      advice: `write the one that is meant in both: ${asks.at.path} and ${first.at.path}`,
    },
  ];
}

function look(facts: Facts): Looked {
  const { boot } = facts;
  const { doubts } = kernelLines(facts);
  if (boot.kind === 'unknown' || doubts.length > 0) return judge([], doubts, '');
  const findings = disagreements(boot, facts.texts).flatMap((found) => {
    const decides = found.asks.at === boot.nextAt;
    return [...outdated(facts, found, decides), ...shortLived(found, decides), ...clashing(found)];
  });
  return judge(findings, [], `the boot menu holds what ${boot.nextAt.path} asks for`);
}

export const grubConfigRegenerated: Check = {
  id: 'grub-config-regenerated',
  area: 'boot',
  title: 'The boot menu agrees with its sources',
  severity: 'must',
  why: 'The boot loader reads its entries, updates read the sources: where they differ, either the next boot or the next update brings a surprise.',
  source: [articleNow, rhelArticle, kernelBootArticle],
  fix: {
    all: 'what the sources ask for is written into every normal entry; nothing is generated anew, since that names the wrong disk in a mounted root',
    rhel: 'entries, kernelopts in grubenv, /etc/kernel/cmdline and GRUB_CMDLINE_LINUX are edited together, whatever the release writes from which',
  },
  look,
};
