import { distroOf } from '../../families/distro/index.ts';
import { readMenuLst } from '../../formats/menu-lst.ts';
import type { Change, Check, Facts, Finding, KnownLoader, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { menuByHand } from '../by-hand.ts';
import { lineOff, realPath, remedy, textOf } from '../fixable.ts';
import { rhelArticle, serialArticle, suseArticle } from '../sources.ts';

const serialCommand = 'serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1';
const legacySerial = 'serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1';
const legacyTerminal = 'terminal --timeout=5 serial console';
const asked = ['GRUB_TERMINAL', 'GRUB_TERMINAL_INPUT', 'GRUB_SERIAL_COMMAND', 'GRUB_TIMEOUT_STYLE', 'GRUB_TIMEOUT'];

/** What the sources should say, by variable: only those that do not. */
function wanted({ settings }: KnownLoader, serial: boolean): Record<string, string | null> {
  const textFor = (name: string) => settings[name]?.value ?? '';
  const input = textFor('GRUB_TERMINAL') || textFor('GRUB_TERMINAL_INPUT');
  const wants: Record<string, string | null> = {};
  if (serial && !/\bserial\b/.test(input)) wants['GRUB_TERMINAL'] = 'serial console';
  if (serial && !/^serial\b/.test(textFor('GRUB_SERIAL_COMMAND'))) wants['GRUB_SERIAL_COMMAND'] = serialCommand;
  if (textFor('GRUB_TIMEOUT_STYLE') === 'hidden') wants['GRUB_TIMEOUT_STYLE'] = 'menu';
  if (settings['GRUB_HIDDEN_TIMEOUT'] !== undefined) wants['GRUB_HIDDEN_TIMEOUT'] = null;
  // -1 waits for a key: that is longer than any.
  const seconds = Number(textFor('GRUB_TIMEOUT') || '5');
  if (seconds >= 0 && seconds < 5) wants['GRUB_TIMEOUT'] = '10';
  return wants;
}

/** GRUB legacy reads its menu itself: what is asked of it stands there, before the entries. */
function lookAtMenu(facts: Facts, { cfg }: KnownLoader): Looked {
  const text = textOf(facts, cfg);
  if (text === undefined) return { is: 'unknown', why: `${cfg} was not read` };
  const { serial, terminal, hiddenmenu } = readMenuLst(text).facts;
  const findings: Finding[] = [];
  if (hiddenmenu !== undefined) {
    const at = { path: cfg, line: hiddenmenu.line };
    const off = lineOff(facts, at);
    const says = 'hiddenmenu: nobody can choose an entry from the serial console';
    const hand = `comment line ${hiddenmenu.line} of ${cfg} out`;
    findings.push({ about: cfg, says, evidence: [at], ...remedy(facts, off === undefined ? [] : [off], hand) });
  }
  const lacks = [
    ...(serial === undefined ? [legacySerial] : []),
    ...(terminal !== undefined && /\bserial\b/.test(terminal.value) ? [] : [legacyTerminal]),
  ];
  if (lacks.length > 0) {
    const says = `without ${lacks.map((line) => line.split(' ')[0]).join(' and ')} the menu is not shown on the serial console`;
    const advice = `write before the first title of ${cfg}: ${lacks.join('; ')}`;
    findings.push({
      about: cfg,
      says,
      evidence: terminal ? [{ path: cfg, line: terminal.line }] : [],
      wants: [],
      advice,
    });
  }
  return judge(findings, [], 'the menu is shown on the serial console');
}

function look(facts: Facts): Looked {
  const { boot, os } = facts;
  if (boot.kind === 'unknown') return { is: 'unknown', why: boot.why };
  if (boot.kind === 'grub-legacy') return lookAtMenu(facts, boot);
  if (boot.kind !== 'grub2' && boot.kind !== 'bls')
    return { is: 'not-applicable', why: 'the menu is not made from /etc/default/grub' };
  const unreadable = boot.sources.find((path) => facts.unreadable[path] !== undefined);
  if (unreadable !== undefined) return { is: 'unknown', why: `${unreadable} cannot be read` };
  const odd = asked.find((name) => boot.settings[name]?.literal === false);
  if (odd !== undefined) return { is: 'unknown', why: `${odd} is put together by shell code` };
  const wants = wanted(boot, distroOf(os.distro.family)?.boot.serialMenu === true);
  const findings = Object.entries(wants).map(([key, value]): Finding => {
    const setting = boot.settings[key];
    const path = realPath(facts, setting?.at.path ?? '/etc/default/grub');
    const change: Change = { kind: 'setting', path, as: 'shell', key, value };
    const now = setting === undefined ? `${key} is not set` : `${key}=${setting.value}`;
    const hand = value === null ? `take ${key} out of ${path}` : `write ${key}="${value}" into ${path}`;
    return {
      about: path,
      says: `${now}: nobody can choose an entry from the serial console (the menu follows when it is next made)`,
      evidence: setting === undefined ? [] : [setting.at],
      ...remedy(facts, [change], `${hand}, then ${menuByHand(facts)}`),
    };
  });
  return judge(findings, [], 'the sources ask for a menu that can be used; the menu follows when it is next made');
}

export const grubSerialTerminal: Check = {
  id: 'grub-serial-terminal',
  area: 'boot',
  title: 'The boot menu can be used from the serial console',
  severity: 'should',
  why: 'When a kernel does not start, the menu on the serial console is the only way to choose another one.',
  source: [rhelArticle, suseArticle, serialArticle],
  fix: {
    all: 'apply: a visible menu in the sources; the menu itself follows when it is next made',
    rhel: 'apply: GRUB_TERMINAL and GRUB_SERIAL_COMMAND in /etc/default/grub; the menu follows when it is next made',
    suse: 'apply: GRUB_TERMINAL and GRUB_SERIAL_COMMAND in /etc/default/grub; the menu follows when it is next made',
  },
  look,
};
