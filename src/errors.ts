/** What ends a run: one error type with a code from a closed list. Only `main.ts` turns it into an exit code. */

/** Exit codes are part of the contract with users: see README, "Exit codes". */
export const exitCodes = {
  content: 0,
  findings: 1,
  refused: 2,
  undone: 3,
  broken: 4,
  unsealed: 5,
  usage: 64,
  internal: 70,
  notRoot: 77,
} as const;

export type EndCode = 'refused' | 'undone' | 'broken' | 'unsealed' | 'usage' | 'notRoot';

/** A run that cannot go on: a sentence for the user, and what to do now. */
export class PrepError extends Error {
  readonly code: EndCode;
  readonly hint: string | undefined;
  constructor(code: EndCode, says: string, hint?: string, options?: ErrorOptions) {
    super(says, options);
    this.name = 'PrepError';
    this.code = code;
    this.hint = hint;
  }
}
