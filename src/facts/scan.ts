import { PrepError } from '../errors.ts';
import { detectInitrdTool } from '../families/initrd/index.ts';
import type { Unpacker } from '../formats/initrd.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Facts, LiveFacts, Progress } from '../model.ts';
import { scanAccounts } from './accounts.ts';
import { scanAgent } from './agent.ts';
import { scanBoot } from './boot.ts';
import { scanEsp } from './esp.ts';
import { scanInitrds } from './initrds.ts';
import { addCorrections } from './kernel-corrections.ts';
import { scanKernels } from './kernels.ts';
import { scanModprobe } from './modprobe.ts';
import { scanNetwork } from './network.ts';
import { scanOs } from './os.ts';
import { recordFiles } from './recording-files.ts';
import { scanSealed } from './sealed.ts';
import { scanSoftware } from './software.ts';
import { scanSsh } from './ssh.ts';
import { scanStorage } from './storage.ts';
import { scanSystem } from './system.ts';
import { scanTraces } from './traces.ts';
import { readUnits } from './units.ts';

/** What a scan needs besides the guest. */
export interface ScanTools {
  readonly unpacker: Unpacker;
  readonly progress?: Progress;
  /** Once aborted, the scan ends in a PrepError: half a scan would look like a guest that lacks the other half. */
  readonly signal?: AbortSignal;
  /** Reads each initrd no further than needed for its modules. */
  readonly quickInitrd?: boolean;
  /** Finds the initrds and reads none: their content is then unreadable, never absent. */
  readonly skipInitrds?: boolean;
  /** Reads what only a running machine tells (facts/live.ts); not given for a mounted root. */
  readonly live?: (files: GuestFiles) => Promise<LiveFacts>;
}

/**
 * Reads a guest into facts, without judging them. Never throws for what a guest holds: what cannot be read is said so in its
 * place and in `unreadable`. No program is started, except those that unpack initrds and, on a running machine, those that
 * `live` needs.
 */
export async function scan(files: GuestFiles, tools: ScanTools): Promise<Facts> {
  const { unpacker, progress, signal, quickInitrd, skipInitrds, live } = tools;
  stopIfAborted(signal);
  const recording = recordFiles(files);
  const os = await scanOs(recording);
  const [units, boot] = await Promise.all([readUnits(recording, os.init), scanBoot(recording, os)]);
  const found = await scanKernels(recording, boot);
  const kernels = await addCorrections(recording, os, found, unpacker);
  stopIfAborted(signal);
  const reading = { unpacker, progress, signal, quick: quickInitrd, skip: skipInitrds };
  const [initrds, initrdTool, modprobe, network, agent, storage, ssh, accounts, esp, running] = await Promise.all([
    scanInitrds(recording, os, boot, kernels, reading),
    detectInitrdTool(recording, os),
    scanModprobe(recording),
    scanNetwork(recording, os, units),
    scanAgent(recording, os, boot, units),
    scanStorage(recording, boot, units),
    scanSsh(recording, os, units),
    scanAccounts(recording),
    scanEsp(recording),
    files.where === 'live' ? live?.(recording) : undefined,
  ]);
  const system = await scanSystem(recording);
  const software = await scanSoftware(recording, os);
  const traces = await scanTraces(recording, { agent, os });
  const sealed = await scanSealed(recording, accounts, traces);
  stopIfAborted(signal);
  return {
    where: files.where,
    ...{
      os,
      kernels,
      initrds,
      initrdTool,
      boot,
      esp,
      modprobe,
      network,
      agent,
      storage,
      ssh,
      accounts,
      system,
      software,
      traces,
      sealed,
    },
    live: running,
    ...recording.seen(),
  };
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  const by = typeof signal.reason === 'string' ? ` by ${signal.reason}` : '';
  throw new PrepError('refused', `interrupted${by} while the guest was being looked at`);
}
