import { PrepError } from '../errors.ts';
import { runCmdlineFile } from './cmdline-file.ts';
import type { Session } from './session.ts';

/** `prep-guest cmdline`: the kernel line of one file. */
export function runCmdline(session: Session): Promise<number> {
  const { file } = session.options;
  if (file === undefined) throw new PrepError('usage', 'cmdline needs --file FILE', 'see prep-guest cmdline --help');
  return runCmdlineFile(session, file);
}
