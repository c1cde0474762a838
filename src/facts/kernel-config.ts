import { emptyRecord } from '../formats/record.ts';
import { lazyRecord } from './lazy-record.ts';

/** A kernel's configuration: `CONFIG_X` to `y`, `m` or a value without quotes. `# CONFIG_X is not set` is absent. */
export function readKernelConfig(text: string): Readonly<Record<string, string>> {
  return lazyRecord(
    (name) => findOption(text, name),
    () => parseOptions(text),
  );
}

const option = /^CONFIG_\w+$/;

function findOption(text: string, name: string): string | undefined {
  if (!option.test(name)) return undefined;
  const line = `${name}=`;
  const at = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1;
  if (at === 0 && !text.startsWith(line)) return undefined;
  const end = text.indexOf('\n', at);
  return unquoted(text.slice(at + line.length, end < 0 ? undefined : end));
}

function parseOptions(text: string): Record<string, string> {
  const options = emptyRecord<string>();
  for (const [, name = '', value = ''] of text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)) options[name] ??= unquoted(value);
  return options;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
