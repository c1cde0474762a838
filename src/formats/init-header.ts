import { splitLines } from './lines.ts';

/** When an init script starts and stops within a run level, as two digits each. */
export interface InitHeader {
  readonly start: string;
  readonly stop: string;
}

/**
 * The order that a script's `# chkconfig: LEVELS START STOP` line asks for; for a script with an LSB block only, chkconfig's own
 * numbers for what it cannot order (50 and 50). Undefined for a script with neither, which chkconfig does not touch.
 */
export function chkconfigOf(text: string): InitHeader | undefined {
  // chkconfig reads the comments at the head of the script only.
  const head = splitLines(text.slice(0, 16 * 1024)).map((line) => line.text);
  for (const line of head) {
    const found = /^#\s*chkconfig:\s*(?:[0-6]{1,7}|-)\s+(\d{1,2})\s+(\d{1,2})\s*$/.exec(line);
    if (found !== null)
      return { start: (found[1] as string).padStart(2, '0'), stop: (found[2] as string).padStart(2, '0') };
  }
  return head.includes('### BEGIN INIT INFO') ? { start: '50', stop: '50' } : undefined;
}
