import type { PackageManager } from './package-manager.ts';

const fromNetwork = (name: 'yum' | 'dnf' | 'tdnf'): PackageManager => ({
  name,
  byHand: {
    install: `${name} install`,
    reinstall: `${name} reinstall`,
    remove: `${name} remove`,
    upgrade: `${name} update`,
  },
  sources: [
    { at: '/etc/yum.repos.d/*.repo', as: 'ini' },
    { at: '/etc/yum.conf', as: 'ini' },
    { at: '/etc/dnf/dnf.conf', as: 'ini' },
  ],
  installer: undefined,
});

export const yum = fromNetwork('yum');
export const dnf = fromNetwork('dnf');
export const tdnf = fromNetwork('tdnf');

export const zypper: PackageManager = {
  name: 'zypper',
  byHand: {
    install: 'zypper install',
    reinstall: 'zypper install --force',
    remove: 'zypper remove',
    upgrade: 'zypper patch',
  },
  sources: [{ at: '/etc/zypp/repos.d/*.repo', as: 'ini' }],
  installer: undefined,
};
