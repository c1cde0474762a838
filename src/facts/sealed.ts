import type { GuestFiles } from '../guest/guest.ts';
import { bootId, sealedFile } from '../journal/run-folder.ts';
import type { AccountFacts, Facts, TraceFacts } from '../model.ts';

/**
 * Whether the guest is an image that was sealed. Our own record tells; on a running machine only one that was written since
 * it was started, since every machine made from the image finds the record of that image. Without a record two signs
 * together do: the line that waagent writes for root, and no host keys. Both need a root that is not running: a running
 * machine makes keys, and whether it has served anyone since cannot be seen.
 */
export async function scanSealed(
  files: GuestFiles,
  accounts: AccountFacts,
  traces: TraceFacts,
): Promise<Facts['sealed']> {
  const record = await files.text(sealedFile);
  if (record.is === 'there') return fromRecord(files, record.value);
  const keys = traces['host-keys'];
  if (files.where === 'live' || !accounts.rootLockedByAgent || keys.is !== 'there' || keys.value.length > 0)
    return undefined;
  return {
    says: 'deprovisioned by hand: root has the line that waagent writes, and there are no host keys',
    evidence: [{ path: '/etc/shadow' }],
  };
}

async function fromRecord(files: GuestFiles, text: string): Promise<Facts['sealed']> {
  const { at, boot } = readRecord(text);
  if (files.where === 'live' && boot !== (await bootId(files))) return undefined;
  return { says: `sealed by prep-guest${at === undefined ? '' : ` at ${at}`}`, evidence: [{ path: sealedFile }] };
}

function readRecord(text: string): { readonly at?: string; readonly boot?: string } {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    // Damaged or not ours: that there is one still tells of a seal, but not of this start of the machine.
    return {};
  }
  if (typeof record !== 'object' || record === null) return {};
  const { at, boot } = record as { at?: unknown; boot?: unknown };
  return { ...(typeof at === 'string' && { at }), ...(typeof boot === 'string' && { boot }) };
}
