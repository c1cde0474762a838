/**
 * /etc/waagent.conf as the agent itself reads it (azurelinuxagent/common/conf.py): a line counts unless its first column is
 * `#` or it lacks `=`; the value ends at the first `#`, then blanks and `"` go from its ends, then all white space. The
 * last of several wins, names are case-sensitive, `None` means not set.
 */
import type { Evidence, GuestPath, ShellSetting } from '../model.ts';
import { appendLine, marker, splitLines } from './lines.ts';
import { emptyRecord } from './record.ts';

export interface WaagentFault {
  readonly key: string;
  readonly says: string;
  readonly at: Evidence;
}

export interface WaagentConf {
  readonly settings: Record<string, ShellSetting>;
  readonly faults: readonly WaagentFault[];
}

/** Only `y` and `n` in any case are understood; anything else silently means the default. */
const switches = [
  'AutoUpdate.Enabled',
  'AutoUpdate.UpdateToLatestVersion',
  'CGroups.EnforceLimits',
  'EnableOverProvisioning',
  'Extensions.Enabled',
  'Extensions.WaitForCloudInit',
  'Logs.Collect',
  'Logs.Console',
  'Logs.Verbose',
  'OS.AllowHTTP',
  'OS.CheckRdmaDriver',
  'OS.EnableFIPS',
  'OS.EnableFirewall',
  'OS.EnableRDMA',
  'OS.UpdateRdmaDriver',
  'Provisioning.AllowResetSysUser',
  'Provisioning.DecodeCustomData',
  'Provisioning.DeleteRootPassword',
  'Provisioning.ExecuteCustomData',
  'Provisioning.MonitorHostName',
  'Provisioning.RegenerateSshHostKeyPair',
  'ResourceDisk.EnableSwap',
  'ResourceDisk.EnableSwapEncryption',
  'ResourceDisk.Format',
];
const numbers = [
  'Extensions.InitialGoalStatePeriod',
  'OS.EnableFirewallPeriod',
  'OS.MonitorDhcpClientRestartPeriod',
  'OS.RemovePersistentNetRulesPeriod',
  'OS.RootDeviceScsiTimeout',
  'OS.SshClientAliveInterval',
  'Provisioning.MonitorHostNamePeriod',
  'Provisioning.PasswordCryptSaltLength',
  'ResourceDisk.SwapSizeMB',
];
const words = [
  'AutoUpdate.GAFamily',
  'DVD.MountPoint',
  'Extension.LogDir',
  'HttpProxy.Host',
  'HttpProxy.Port',
  'Lib.Dir',
  'OS.HomeDir',
  'OS.OpensslPath',
  'OS.PasswordPath',
  'OS.SshDir',
  'OS.SudoersDir',
  'Pid.File',
  'Protocol.EndpointDiscovery',
  'Provisioning.Agent',
  'Provisioning.PasswordCryptId',
  'Provisioning.SshHostKeyPairType',
  'ResourceDisk.Filesystem',
  'ResourceDisk.MountOptions',
  'ResourceDisk.MountPoint',
];
const spelling = new Map([...switches, ...numbers, ...words].map((key) => [key.toLowerCase(), key]));

interface Active {
  readonly key: string;
  readonly value: string;
  /** Index of its line. */
  readonly index: number;
}

function activeLines(text: string): Active[] {
  return text.split('\n').flatMap((line, index) => {
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals < 0) return [];
    const [before = ''] = line.slice(equals + 1).split('#', 1);
    const value = stripped(before).trim();
    return [{ key: line.slice(0, equals).trim(), value, index }];
  });
}

/** Python's `strip('" ')`. Not a regular expression: one that looks for the end of a run of blanks takes the square of its length. */
function stripped(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && '" '.includes(text[start] as string)) start++;
  while (end > start && '" '.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

/** What the agent takes from the file, and where it takes something else than what is written. */
export function readWaagentConf(text: string, path: GuestPath): WaagentConf {
  const lines = text.split('\n');
  const settings = emptyRecord<ShellSetting>();
  const faults: WaagentFault[] = [];
  const seen = new Map<string, Active>();
  for (const active of activeLines(text)) {
    const { key, value, index } = active;
    // ` # Key=value` with a blank before it is a key of its own that nothing asks for.
    if (key.startsWith('#')) continue;
    const at: Evidence = { path, line: index + 1, text: (lines[index] ?? '').slice(0, 400).trim() };
    const earlier = seen.get(key);
    if (earlier !== undefined && earlier.value !== value) {
      faults.push({
        key,
        says: `${key} is set twice: this line wins over line ${earlier.index + 1}, which says ${earlier.value}`,
        at,
      });
    }
    seen.set(key, active);
    faults.push(...misread(key, value).map((says) => ({ key, says, at })));
    if (value === 'None') delete settings[key];
    else settings[key] = { value, literal: true, at };
  }
  return { settings, faults };
}

function misread(key: string, value: string): string[] {
  const says: string[] = [];
  const right = spelling.get(key.toLowerCase());
  if (right !== undefined && right !== key) says.push(`the agent knows ${right} only, and ignores ${key}`);
  if (value.includes('"')) says.push(`a quote stays in the value, which is read as ${JSON.stringify(value)}`);
  else if (/\xe2\x80[\x98-\x9f]/.test(value)) says.push('typographic quotes stay in the value');
  else if (switches.includes(key) && !/^(?:[yn]|None)$/i.test(value))
    says.push(`only y and n count: ${JSON.stringify(value)} means the default`);
  else if (numbers.includes(key) && !/^(?:[+-]?\d+|None)$/.test(value))
    says.push(`not a number: ${JSON.stringify(value)} means the default`);
  return says;
}

/**
 * The text with a key set: the last line that sets it reads `Key=value`, with no comment behind it (old agents took that
 * for a part of the value), and earlier ones are commented out. Without one it goes below a commented template, else to the
 * end. null comments all out. Line ends stay. Doing it twice changes nothing more.
 */
export function setWaagent(text: string, key: string, value: string | null): string {
  const lines = splitLines(text);
  const found = new Set(
    activeLines(text)
      .filter((active) => active.key === key)
      .map((active) => active.index),
  );
  const last = value === null ? undefined : [...found].at(-1);
  const edited = lines.map(({ text: line, end }, index) => {
    if (index === last) return `${key}=${value}${end}`;
    return (found.has(index) ? marker + line : line) + end;
  });
  if (last !== undefined || value === null) return edited.join('');
  const template = lines.findLastIndex(({ text: line }) => templateKey(line) === key);
  if (template < 0) return appendLine(text, `${key}=${value}`);
  const end = lines[template]?.end || '\n';
  if (lines[template]?.end === '') edited[template] += end;
  edited.splice(template + 1, 0, `${key}=${value}${lines[template]?.end === '' ? '' : end}`);
  return edited.join('');
}

/** The key of `# Key=value`, also where our marker stands before it. */
function templateKey(line: string): string | undefined {
  return /^\s*#+(?: prep-guest:)?\s*([\w.]+)\s*=/.exec(line)?.[1];
}
