import { refuseUnfinished } from '../apply/refusals.ts';
import { PrepError } from '../errors.ts';
import { pathOf } from '../facts/agent-settings.ts';
import { sealHabitsOf } from '../families/distro/index.ts';
import type { Guest, GuestFiles, RunLimits, RunResult } from '../guest/guest.ts';
import type { Clock } from '../journal/journal.ts';
import { bootId, lockState, sealedFile } from '../journal/run-folder.ts';
import type { Argv, Facts, Policy, Progress } from '../model.ts';
import type { Before, Effect } from './effect.ts';
import { effectsOf, type SealOptions as Promising, staying } from './promises.ts';
import { markSealed, readAttempt, writeAttempt } from './record.ts';
import { resolvLinkBefore } from './resolv-conf.ts';

export interface SealOptions extends Promising {
  /** Of this program. */
  readonly version: string;
  readonly progress?: Progress;
  readonly clock?: Clock;
}

/** One effect with what was seen of it. */
export interface SealedEffect {
  readonly id: string;
  readonly by: Effect['by'];
  readonly what: string;
  readonly done: boolean;
  readonly says: string;
}

/** `unsealed`: the agent ran, and something that it should have done is not so (exit code 5). */
export type SealOutcome =
  | { readonly is: 'refused'; readonly why: string; readonly hint?: string }
  | {
      readonly is: 'sealed' | 'unsealed';
      readonly effects: readonly SealedEffect[];
      /** Sentences that are worth knowing: what stays, how the agent ended. */
      readonly notes: readonly string[];
      /** The end of what the agent said. */
      readonly output: string;
    };

/** It needs 0.1 to 0.3 s; a service that does not stop has made it hang (danielsollondon/azvmimagebuilder#126). */
const agentSeconds = 300;
const outputLines = 40;

/** What the article says to ignore: a virtual DVD drive that is not there (VirtualBox). */
const tolerated = '[Errno 5] Input/output error';

/**
 * Deprovisions the guest: cannot be undone. Runs the agent, then looks at every effect that it promises; its exit code
 * proves nothing (2.15 ends with 0 after a crash halfway, 2.7 with 1 after success on newer Pythons). What the agent leaves
 * by design is done here. When all is so, the originals of all runs are removed and a rollback is refused from then on.
 */
export async function seal(guest: Guest, facts: Facts, policy: Policy, options: SealOptions): Promise<SealOutcome> {
  try {
    const program = await requireAgent(guest, facts, policy);
    const release = await lockState(guest);
    try {
      return await sealLocked(guest, facts, program, options);
    } finally {
      await release();
    }
  } catch (error) {
    if (!(error instanceof PrepError)) throw error;
    return { is: 'refused', why: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** The agent's program. Throws a refusal where the guest is not to be sealed, or cannot be. */
async function requireAgent(guest: Guest, facts: Facts, policy: Policy): Promise<Argv[0]> {
  if (policy.mode === 'specialized') {
    throw new PrepError('refused', 'a specialized machine keeps its identity: it is never sealed');
  }
  const { program, settings, conf } = facts.agent.waagent;
  const install = 'install the agent, or give --no-deprovision';
  if (program === undefined) throw new PrepError('refused', 'the guest has no waagent to deprovision it', install);
  if (settings.is !== 'there') {
    // Without its configuration the agent fails, and ends with 0.
    const why = settings.is === 'absent' ? 'is not there' : `cannot be read: ${settings.why}`;
    throw new PrepError('refused', `${conf} ${why}: waagent would do nothing`, "put the package's own file back");
  }
  const unfinished = await refuseUnfinished(guest);
  if (unfinished !== undefined) throw new PrepError('refused', unfinished.why, unfinished.hint);
  await probeAgent(guest, facts, program, install);
  return program;
}

/** An agent whose interpreter or modules are gone is found before anything is touched. */
async function probeAgent(guest: Guest, facts: Facts, program: Argv[0], hint: string): Promise<void> {
  let result: RunResult;
  try {
    result = await guest.run([program, '--version'], { seconds: 60, card: sealHabitsOf(facts.os).agentNeedsCard });
  } catch (error) {
    throw new PrepError('refused', `waagent cannot be run: ${(error as Error).message}`, hint, { cause: error });
  }
  if (result.code === 0 && /WALinuxAgent/i.test(result.stdout)) return;
  const how = result.code === undefined ? `was ended by ${result.signal}` : `ended with ${result.code}`;
  throw new PrepError('refused', `waagent does not work: \`${program} --version\` ${how}: ${tailOf(result, 5)}`, hint);
}

async function sealLocked(guest: Guest, facts: Facts, program: Argv[0], options: SealOptions): Promise<SealOutcome> {
  const { progress = () => {}, clock = () => new Date(), removeUser, version } = options;
  const before = await readBefore(guest, facts);
  try {
    await writeAttempt(guest, before);
  } catch (error) {
    throw new PrepError('refused', `nothing can be written down: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
  const effects = effectsOf(facts, options);
  const notes = staying(facts).map((stays) => stays.what);
  await each(effects, notes, (effect) => effect.prepare?.(guest));
  progress('waagent deprovisions the guest');
  const argv: Argv = [program, '-force', removeUser ? '-deprovision+user' : '-deprovision'];
  const card = sealHabitsOf(facts.os).agentNeedsCard;
  const output = await runAgent(guest, argv, { seconds: agentSeconds, progress, card }, notes);
  progress('removing what waagent leaves');
  await each(effects, notes, (effect) => effect.act?.(guest, before));
  const seen: SealedEffect[] = [];
  for (const effect of effects) seen.push(await lookAt(effect, guest, before));
  if (seen.some((effect) => !effect.done)) return { is: 'unsealed', effects: seen, notes, output };
  const boot = await bootId(guest);
  const record = { version, at: clock().toISOString(), ...(boot !== undefined && { boot }), effects: seen };
  seen.push(await markSealed(guest, record, clock));
  return { is: seen.every((effect) => effect.done) ? 'sealed' : 'unsealed', effects: seen, notes, output };
}

/**
 * Every effect, where the guest was sealed and each of them can still be seen: a second seal would change nothing.
 * undefined otherwise: it was never sealed, or it has been used since.
 */
export async function stillSealed(
  files: GuestFiles,
  facts: Facts,
  options: Promising,
): Promise<readonly SealedEffect[] | undefined> {
  if ((await files.stat(sealedFile)).is !== 'there') return undefined;
  const before = await readBefore(files, facts);
  const seen: SealedEffect[] = [];
  for (const effect of effectsOf(facts, options)) seen.push(await lookAt(effect, files, before));
  return seen.every((effect) => effect.done) ? seen : undefined;
}

/** Does one thing for each effect; one that fails is noted and shows when its effect is looked at. */
async function each(
  effects: readonly Effect[],
  notes: string[],
  act: (effect: Effect) => Promise<void> | undefined,
): Promise<void> {
  for (const effect of effects) {
    try {
      await act(effect);
    } catch (error) {
      notes.push(`${effect.id}: ${(error as Error).message}`);
    }
  }
}

async function lookAt(effect: Effect, files: GuestFiles, before: Before): Promise<SealedEffect> {
  const { id, by, what } = effect;
  try {
    return { id, by, what, ...(await effect.look(files, before)) };
  } catch (error) {
    return { id, by, what, done: false, says: (error as Error).message };
  }
}

/** Runs it to its end: it must not be interrupted halfway, so no signal is handed on. */
async function runAgent(guest: Guest, argv: Argv, limits: RunLimits, notes: string[]): Promise<string> {
  let result: RunResult;
  try {
    result = await guest.run(argv, limits);
  } catch (error) {
    notes.push(`waagent could not be run: ${(error as Error).message}`);
    return '';
  }
  if (result.timedOut) notes.push(`waagent did not end within ${limits.seconds} seconds`);
  else if (result.code !== 0) {
    notes.push(`waagent ended with ${result.code ?? result.signal}; what counts is what was seen afterwards`);
  }
  const output = tailOf(result, outputLines);
  if (output.includes(tolerated)) notes.push(`waagent said "${tolerated}": harmless, as the article says`);
  return output;
}

function tailOf({ stdout, stderr }: RunResult, lines: number): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-lines).join('\n');
}

/** What stands there now, and what an earlier attempt that did not come to its end has seen. */
async function readBefore(guest: GuestFiles, facts: Facts): Promise<Before> {
  const earlier = await readAttempt(guest);
  // Agents of all versions keep the medium's file under this name; they remove it with the rest of their state.
  const ovf = await guest.text(`${pathOf(facts, 'Lib.Dir')}/ovf-env.xml`);
  const user = ovf.is === 'there' ? /<(?:\w+:)?UserName>\s*([^<\s]+)\s*</.exec(ovf.value)?.[1] : undefined;
  return {
    resolvLink: await resolvLinkBefore(guest, earlier),
    provisionedUser: user ?? earlier?.provisionedUser ?? null,
  };
}
