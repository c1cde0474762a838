import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Session } from './session.ts';

/**
 * Asks a yes-or-no question on a terminal. Without one, or with --yes, it is answered: an unattended run never waits, and
 * who typed --apply has said what is wanted.
 */
export async function confirm(session: Session, question: string): Promise<boolean> {
  if (session.options.yes || process.stdin.isTTY !== true || process.stderr.isTTY !== true) return true;
  // Not raw: Ctrl-C then is a SIGINT as everywhere else, which aborts the session.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    // Ctrl-D closes the input, and the question is never answered: without this the process would end with 0.
    const closed = once(terminal, 'close', { signal: session.signal }).then(() => '');
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal: session.signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (session.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
