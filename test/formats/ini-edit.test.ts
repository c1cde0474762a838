import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setIni } from '../../src/formats/ini-edit.ts';
import { readIniLines } from '../../src/formats/ini-lines.ts';

const keyfile = `# made by an installer
[connection]
id=ens192
type=ethernet
interface-name=ens192

[ethernet]
mac-address=00:50:56:01:02:03

[ipv4]
; by hand
address1=192.0.2.9/24,192.0.2.1
method=manual
`;

describe('a setting of an ini file', () => {
  it('changes the value where it stands, and nothing else', () => {
    const edited = setIni(keyfile, 'connection', 'interface-name', 'eth0');
    expect(edited).toBe(keyfile.replace('interface-name=ens192', 'interface-name=eth0'));
    expect(setIni(keyfile, 'ipv4', 'method', 'manual')).toBe(keyfile);
  });

  it('is put behind the last key of its section', () => {
    expect(setIni(keyfile, 'connection', 'autoconnect', 'yes')).toBe(
      keyfile.replace('interface-name=ens192\n', 'interface-name=ens192\nautoconnect=yes\n'),
    );
    expect(setIni('[main]\n# nothing yet\n[keyfile]\n', 'main', 'dns', 'none')).toBe(
      '[main]\ndns=none\n# nothing yet\n[keyfile]\n',
    );
    expect(setIni('[main]\ngpgcheck = 1\n', 'main', 'http_caching', 'packages')).toBe(
      '[main]\ngpgcheck = 1\nhttp_caching = packages\n',
    );
  });

  it('gets a section of its own where there is none', () => {
    expect(setIni('', 'main', 'dns', 'none')).toBe('[main]\ndns=none\n');
    expect(setIni('[a]\nb=1', 'main', 'dns', 'none')).toBe('[a]\nb=1\n\n[main]\ndns=none\n');
    expect(setIni('[a]\r\nb=1\r\n', 'main', 'dns', 'none')).toBe('[a]\r\nb=1\r\n\r\n[main]\r\ndns=none\r\n');
  });

  it('may stand before the first section', () => {
    expect(setIni('# x\nroot=true\n[a]\nroot=1\n', '', 'root', 'false')).toBe('# x\nroot=false\n[a]\nroot=1\n');
    expect(setIni('root=true\n[a]\n', '', 'more', '1')).toBe('root=true\nmore=1\n[a]\n');
    expect(setIni('[a]\nroot=1\n', '', 'root', 'x')).toBe('root=x\n[a]\nroot=1\n');
  });

  it('counts where it stands last, also in a section that is opened again', () => {
    const twice = '[a]\nx=1\n[b]\nx=2\n[a]\nx=3\n';
    expect(setIni(twice, 'a', 'x', '4')).toBe('[a]\nx=1\n[b]\nx=2\n[a]\nx=4\n');
    expect(setIni(twice, 'a', 'y', '4')).toBe('[a]\nx=1\n[b]\nx=2\n[a]\nx=3\ny=4\n');
    expect(setIni(twice, 'a', 'x', null)).toBe('[a]\n# prep-guest: x=1\n[b]\nx=2\n[a]\n# prep-guest: x=3\n');
  });

  it('is not one that a comment names, nor one of another section', () => {
    const text = '[main]\n#dns=none\n;dns=none\n[logging]\ndns=x\n';
    expect(setIni(text, 'main', 'dns', 'default')).toBe(
      '[main]\ndns=default\n#dns=none\n;dns=none\n[logging]\ndns=x\n',
    );
    expect(setIni(text, 'main', 'dns', null)).toBe(text);
  });

  it('takes its further lines along', () => {
    const repo = '[base]\nbaseurl=http://a.example/?x=1\n  http://b.example/?x=1\n\tenabled=1\ngpgcheck=1\n';
    expect(setIni(repo, 'base', 'baseurl', null)).toBe(
      '[base]\n# prep-guest: baseurl=http://a.example/?x=1\n# prep-guest:   http://b.example/?x=1\n\tenabled=1\ngpgcheck=1\n',
    );
    expect(setIni(repo, 'base', 'enabled', '0')).toContain('\tenabled=0\n');
  });

  it('refuses what would be another line', () => {
    expect(() => setIni('', 'a', 'x', '1\n[b]')).toThrow(RangeError);
    expect(() => setIni('', 'a', '[x]', '1')).toThrow(RangeError);
    expect(() => setIni('', 'a', 'x=y', '1')).toThrow(RangeError);
    expect(() => setIni('', 'a]\n[b', 'x', '1')).toThrow(RangeError);
  });

  const line = fc.constantFrom(
    ...['', '[a]', '[b]', ' [a] ', '[a', 'x=1', 'x = 2', ' x=3', 'x', '=', '  more', '#x=1', ';x=1', 'xy=1', 'é=\xff'],
  );
  const file = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
    .map((lines) => lines.map(([text, end]) => text + end).join(''))
    .chain((text) => fc.constantFrom(text, text.replace(/\r?\n$/, '')));

  it('once is as good as twice, reads back, and leaves every other line alone', () => {
    const value = fc.constantFrom('1', 'new', '', ' padded ', null);
    fc.assert(
      fc.property(file, fc.constantFrom('', 'a', 'b', 'c'), value, (text, section, wanted) => {
        const once = setIni(text, section, 'x', wanted);
        expect(setIni(once, section, 'x', wanted)).toBe(once);
        const of = (whole: string, own: boolean) =>
          readIniLines(whole)
            .filter((one) => (one.key === 'x' && one.section === section) === own)
            .map((one) => `${one.section}.${one.key}=${one.value}`);
        expect(of(once, true).at(-1)).toBe(wanted === null ? undefined : `${section}.x=${wanted.trim()}`);
        expect(of(once, false)).toEqual(of(text, false));
      }),
      { numRuns: 500 },
    );
  });
});
