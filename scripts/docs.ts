/** `npm run docs`: docs/checks.md from the rules themselves, and which phony guest shows which rule. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Rule, rules } from '../src/checks/rules.ts';
import { areas } from '../src/cli/show/areas.ts';
import { fixesOf } from '../src/cli/show/rule-text.ts';

const root = join(import.meta.dirname, '..');

/** Rule to the guests in whose golden file it fails; what is merely mentioned counts where nothing more is said of it. */
export function guestsByRule(): Record<string, string[]> {
  const grave = new Map<string, Set<string>>();
  const mild = new Map<string, Set<string>>();
  for (const file of globSync('test/guests/golden/*.txt', { cwd: root }).sort()) {
    const name = basename(file, '.txt');
    for (const [, severity, id = ''] of readFileSync(join(root, file), 'utf8').matchAll(
      /^- (must|should|info) ([\w-]+)/gm,
    )) {
      const found = severity === 'info' ? mild : grave;
      found.set(id, (found.get(id) ?? new Set()).add(name));
    }
  }
  const all = new Map([...[...mild].map(([id, names]) => [id, new Set([...names].slice(0, 3))] as const), ...grave]);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, names]) => [id, [...names]]));
}

/** src/checks/shown-by.ts. */
export function shownByModule(): string {
  const entries = Object.entries(guestsByRule()).map(([id, names]) => {
    const key = /^\w+$/.test(id) ? id : `'${id}'`;
    const flat = `  ${key}: [${names.map((name) => `'${name}'`).join(', ')}],\n`;
    // As the formatter leaves it.
    return flat.length <= 121 ? flat : `  ${key}: [\n${names.map((name) => `    '${name}',\n`).join('')}  ],\n`;
  });
  return `/** Made by \`npm run docs\` from the made-up guests under test/guests: which of them show a rule failing. */
export const shownBy: Readonly<Record<string, readonly string[]>> = {
${entries.join('')}};
`;
}

function section(rule: Rule): string {
  const fixes = fixesOf(rule).map(([family, text]) => `- ${family === 'all' ? 'mended' : family}: ${text}`);
  const guests = rule.shownBy.length > 0 ? [`- shown by: ${rule.shownBy.join(', ')}`] : [];
  const kind = rule.kind === 'conduct' ? ['- held by how the program works'] : [];
  return [
    `### ${rule.id}`,
    '',
    `${rule.title} (**${rule.severity}**). ${rule.why}`,
    '',
    ...fixes,
    ...rule.source.map((source) => `- source: ${source}`),
    ...kind,
    ...guests,
    '',
  ].join('\n');
}

/** docs/checks.md. */
export function checksDocument(): string {
  const parts = areas.map(({ area, title }) => {
    const here = rules.filter((rule) => rule.area === area);
    return here.length === 0 ? '' : `## ${title}\n\n${here.map(section).join('\n')}\n`;
  });
  const head = `# The rules

Made by \`npm run docs\` from the rules themselves, which \`prep-guest explain\` prints as well. "shown by" names the
made-up guests under \`test/guests\` on which the rule is not content.

`;
  return `${head}${parts.join('')}`.replace(/\n+$/, '\n');
}

if (import.meta.main) {
  writeFileSync(join(root, 'src/checks/shown-by.ts'), shownByModule());
  // The rules have been loaded with the old list: the document is made by a second run.
  if (process.argv[2] === undefined) {
    const { execFileSync } = await import('node:child_process');
    execFileSync(process.execPath, [import.meta.filename, 'document'], { stdio: 'inherit' });
  } else writeFileSync(join(root, 'docs/checks.md'), checksDocument());
}
