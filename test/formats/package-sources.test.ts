import { describe, expect, it } from 'vitest';
import { readPackageSources, type SourceFormat } from '../../src/formats/package-sources.ts';

/** `id address line`, with `off` before those that are. */
function short(text: string, as: SourceFormat): string[] {
  return readPackageSources(text, as).map(
    ({ id, address, enabled, line }) => `${enabled ? '' : 'off '}${id} ${address} ${line}`,
  );
}

describe('package sources', () => {
  it('of apt: sources of binaries, with and without options', () => {
    const text = [
      '# deb http://old.example/ jessie main',
      'deb cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64]/ bookworm main',
      'deb [arch=amd64 signed-by=/k.gpg] http://me:secret@deb.debian.org/debian bookworm-updates main',
      'deb-src http://deb.debian.org/debian bookworm main',
    ].join('\n');
    expect(short(text, 'apt')).toEqual([
      'bookworm cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64]/ 2',
      'bookworm-updates http://deb.debian.org/debian 3',
    ]);
  });

  it('of apt in stanzas: every suite of every address, folded lines, switched off', () => {
    const text = [
      '# Ubuntu',
      'Types: deb deb-src',
      'URIs: http://a.example/ http://b.example/',
      'Suites: noble',
      ' noble-updates',
      '# between',
      'Components: main',
      '',
      'Enabled: no',
      'Types: deb',
      'URIs: http://c.example/',
      'Suites: noble',
      '',
      'Types: deb-src',
      'URIs: http://d.example/',
      'Suites: noble',
    ].join('\n');
    expect(short(text, 'deb822')).toEqual([
      'noble http://a.example/ 2',
      'noble-updates http://a.example/ 2',
      'noble http://b.example/ 2',
      'noble-updates http://b.example/ 2',
      'off noble http://c.example/ 9',
    ]);
  });

  it('of yum: sections with an address, on unless they say otherwise', () => {
    const text = [
      '[main]',
      'http_caching=packages',
      '[baseos]',
      'name=BaseOS',
      'mirrorlist=https://mirrors.example/?repo=baseos',
      '[extras]',
      'baseurl = https://x.example/',
      'enabled = 0',
      '[broken]',
      'enabled=1',
    ].join('\n');
    expect(short(text, 'ini')).toEqual([
      'baseos https://mirrors.example/?repo=baseos 4',
      'off extras https://x.example/ 7',
    ]);
  });

  it('of apk: an address on each line', () => {
    const text =
      '#/media/cdrom/apks\nhttp://dl.example/alpine/v3.20/main\n@edge http://dl.example/alpine/edge/testing\n';
    expect(short(text, 'apk')).toEqual([
      'v3.20/main http://dl.example/alpine/v3.20/main 2',
      'edge/testing http://dl.example/alpine/edge/testing 3',
    ]);
  });

  it('of pacman: sections with a server or a file of servers', () => {
    const text =
      '[options]\nArchitecture = auto\n[core]\nInclude = /etc/pacman.d/mirrorlist\n#[extra]\n[empty]\nSigLevel = Never\n';
    expect(short(text, 'pacman')).toEqual(['core /etc/pacman.d/mirrorlist 4']);
  });
});
