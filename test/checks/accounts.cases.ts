import type { Facts } from '../../src/model.ts';
import { type Bendable, confSettings, nth } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

type Password = Facts['accounts']['users'][number]['password'];

function root(password: Password) {
  return (facts: Bendable<Facts>) => {
    nth(facts.accounts.users, 0).password = password;
  };
}

function user(password: Password) {
  return (facts: Bendable<Facts>) => {
    facts.accounts.users.push({ name: 'ada', uid: 1000, home: '/home/ada', shell: '/bin/bash', password });
  };
}

function keptRoot(facts: Bendable<Facts>): void {
  root('set')(facts);
  facts.agent.waagent.settings = { is: 'there', value: confSettings({ 'Provisioning.DeleteRootPassword': 'n' }) };
}

const history =
  (path: `/${string}`, bytes = 120) =>
  (facts: Bendable<Facts>) =>
    void facts.accounts.histories.push({ path, bytes });

export const accounts: Cases = {
  'users-no-passwords': [
    { guest: 'with locked accounts', is: 'pass' },
    { guest: 'whose root password goes at the seal', bend: root('set'), is: 'pass', says: /the seal removes/ },
    {
      guest: 'whose root password would stay',
      bend: keptRoot,
      is: 'fail',
      severity: 'must',
      wants: [
        {
          kind: 'setting',
          path: '/etc/waagent.conf',
          as: 'waagent',
          key: 'Provisioning.DeleteRootPassword',
          value: 'y',
        },
      ],
    },
    {
      guest: 'with a root password and no agent',
      bend: (f) => {
        root('set')(f);
        f.agent.waagent.program = undefined;
      },
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /passwd -l root/,
    },
    {
      guest: 'with an account that has a password',
      bend: user('set'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /passwd -l ada .*--allow lock-passwords/,
    },
    {
      guest: 'with an account that has a password, left to us',
      bend: user('set'),
      policy: { allow: ['lock-passwords'] },
      is: 'fail',
      wants: [{ kind: 'password-locked', user: 'ada' }],
    },
    {
      guest: 'whose only password is that of who is at work on it',
      bend: (f) => {
        user('set')(f);
        f.live = { hypervisor: 'kvm', memoryBytes: 1, runningKernel: 'x', loadedModules: [], operator: 1000 };
      },
      is: 'fail',
      severity: 'should',
      says: /your own account/,
    },
    { guest: 'with an open account', bend: user('none'), is: 'fail', severity: 'must', says: /without a password/ },
    { guest: 'with an open root', bend: root('none'), is: 'fail', severity: 'must' },
    { guest: 'that moves as it is', bend: user('set'), policy: { mode: 'specialized' }, is: 'pass', says: /stay/ },
    {
      guest: 'that moves as it is, with an open account',
      bend: user('none'),
      policy: { mode: 'specialized' },
      is: 'fail',
      severity: 'must',
    },
    { guest: 'with an account of unknown password', bend: user('unknown'), is: 'unknown', severity: 'must' },
    {
      guest: 'with an unreadable shadow',
      bend: (f) => {
        f.accounts.shadow = { is: 'unreadable', why: 'permission denied' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'without shadow',
      bend: (f) => {
        f.accounts.shadow = { is: 'absent' };
      },
      is: 'unknown',
    },
  ],
  'shell-history-clean': [
    { guest: 'without histories', is: 'pass' },
    { guest: 'with an empty one', bend: history('/root/.bash_history', 0), is: 'pass' },
    {
      guest: 'with one of root',
      bend: history('/root/.bash_history'),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/root/.bash_history', is: 'absent' }],
    },
    {
      guest: 'with one that is a link to something else',
      bend: (f) => {
        history('/home/ada/.bash_history')(f);
        f.links['/home/ada/.bash_history'] = '/etc/passwd';
      },
      is: 'fail',
      severity: 'must',
      says: /leads to \/etc\/passwd/,
      wants: [],
      advice: /rm '\/home\/ada\/\.bash_history'/,
    },
    { guest: 'with that of another shell', bend: history('/home/ada/.zsh_history'), is: 'fail', severity: 'must' },
    { guest: 'with that of Python', bend: history('/root/.python_history'), is: 'fail', severity: 'info' },
    {
      guest: 'that moves as it is',
      bend: history('/root/.bash_history'),
      policy: { mode: 'specialized' },
      is: 'not-applicable',
    },
    {
      guest: 'with one that is a FIFO',
      bend: (f) => {
        f.unreadable['/home/ada/.bash_history'] = 'a FIFO';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
};
