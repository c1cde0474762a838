import { createInterface } from 'node:readline/promises';
import type { Session } from './session.ts';

/**
 * Asks a yes-or-no question on a terminal. Without one, or with --yes, it is answered: an unattended run never waits, and
 * who typed --apply has said what is wanted.
 */
export async function confirm(session: Session, question: string): Promise<boolean> {
  if (session.options.yes || process.stdin.isTTY !== true || process.stderr.isTTY !== true) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: session.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (session.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
