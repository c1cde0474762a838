import { runCmdlineFile } from './cmdline-file.ts';
import { runCmdlineGuest } from './cmdline-guest.ts';
import type { Session } from './session.ts';

/** `prep-guest cmdline`: the kernel line of the guest, or of one file. */
export function runCmdline(session: Session): Promise<number> {
  const { file } = session.options;
  return file === undefined ? runCmdlineGuest(session) : runCmdlineFile(session, file);
}
