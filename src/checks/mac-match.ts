import { readIniLines } from '../formats/ini-lines.ts';
import { splitLines } from '../formats/lines.ts';
import { readYaml, yamlAt } from '../formats/yaml-outline.ts';
import type { Change, Evidence, Facts } from '../model.ts';
import { realPath, textOf } from './fixable.ts';

/**
 * A card that is matched by its MAC address is matched by its driver instead, in the same line: hv_netvsc drives the one card of
 * a machine on Hyper-V, whatever its address. Undefined where the edited file would not read so.
 */
export function matchByDriver(facts: Facts, at: Evidence): Change | undefined {
  const whole = textOf(facts, at.path) ?? '';
  const lines = splitLines(whole);
  const line = lines[(at.line ?? 0) - 1];
  if (line === undefined || at.line === undefined) return undefined;
  const yaml = /\.ya?ml$/.test(at.path);
  const to = yaml
    ? line.text.replace(/\bmacaddress:[ \t]*(?:"[^"]*"|'[^']*'|[\dA-Fa-f:]+)/, 'driver: hv_netvsc')
    : line.text.replace(/^[ \t]*(?:Permanent)?MACAddress[ \t]*=.*$/, 'Driver=hv_netvsc');
  const text = whole.slice(0, line.start) + to + whole.slice(line.start + line.text.length);
  const holds = yaml ? isYamlMatch(text, at.line) : at.path.endsWith('.network') && isUnitMatch(text, at.line);
  return holds && to !== line.text
    ? { kind: 'line', path: realPath(facts, at.path), line: at.line, text: line.text, to }
    : undefined;
}

/** Whether the line is the one `driver` below `match` of a device; elsewhere netplan would refuse the whole file. */
function isYamlMatch(text: string, line: number): boolean {
  const devices = yamlAt(readYaml(text), 'network', 'ethernets');
  return (
    devices?.is === 'map' &&
    devices.entries.some(({ node }) => {
      const match = yamlAt(node, 'match');
      const drivers = match?.is === 'map' ? match.entries.filter(({ key }) => key === 'driver') : [];
      return drivers.length === 1 && drivers[0]?.line === line;
    })
  );
}

function isUnitMatch(text: string, line: number): boolean {
  const drivers = readIniLines(text).filter(({ section, key }) => section === 'Match' && key === 'Driver');
  return drivers.length === 1 && drivers[0]?.line === line;
}
