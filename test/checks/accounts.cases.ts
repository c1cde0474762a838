import { readSudoers } from '../../src/formats/sudoers.ts';
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

const sudoers = (text: string) => (facts: Bendable<Facts>) => {
  facts.texts['/etc/sudoers'] = text;
  const lines = readSudoers(text).map((entry) => ({ file: '/etc/sudoers', entry }) as const);
  facts.accounts.sudoers.lines = structuredClone(lines) as Bendable<typeof lines>;
};

function rootKey(facts: Bendable<Facts>): void {
  facts.accounts.authorizedKeys.push({ user: 'root', path: '/root/.ssh/authorized_keys', keys: 1 });
}

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
  'sudoers-no-targetpw': [
    { guest: 'whose sudo asks for the own password', is: 'pass' },
    {
      guest: 'without sudo',
      bend: (f) => {
        f.accounts.sudoers.main = undefined;
      },
      is: 'not-applicable',
    },
    {
      guest: 'as SUSE ships it',
      bend: sudoers(
        'Defaults targetpw   # ask for the password of the target user\nALL   ALL=(ALL) ALL   # WARNING!\n',
      ),
      is: 'fail',
      severity: 'must',
      wants: [
        {
          kind: 'line-off',
          path: '/etc/sudoers',
          line: 1,
          text: 'Defaults targetpw   # ask for the password of the target user',
        },
        { kind: 'sudoers-valid', visudo: '/usr/sbin/visudo', path: '/etc/sudoers' },
        { kind: 'line-off', path: '/etc/sudoers', line: 2, text: 'ALL   ALL=(ALL) ALL   # WARNING!' },
      ],
    },
    {
      guest: 'with other options in the same line',
      bend: sudoers('Defaults env_reset, targetpw,rootpw\n'),
      is: 'fail',
      wants: [
        {
          kind: 'line',
          path: '/etc/sudoers',
          line: 1,
          text: 'Defaults env_reset, targetpw,rootpw',
          to: 'Defaults env_reset,rootpw',
        },
        { kind: 'sudoers-valid', visudo: '/usr/sbin/visudo', path: '/etc/sudoers' },
      ],
    },
    {
      guest: 'whose line is continued',
      bend: sudoers('Defaults env_reset, \\\n  targetpw\n'),
      is: 'fail',
      wants: [],
      advice: /visudo -f \/etc\/sudoers/,
    },
    { guest: 'that switches it off', bend: sudoers('Defaults !targetpw\n'), is: 'pass' },
    { guest: 'whose rule for everybody stands alone', bend: sudoers('ALL ALL=(ALL) ALL\n'), is: 'pass' },
    { guest: 'with a broken line', bend: sudoers('nonsense\n'), is: 'unknown', severity: 'must' },
    {
      guest: 'whose sudoers cannot be read',
      bend: (f) => {
        f.unreadable['/etc/sudoers'] = 'permission denied';
      },
      is: 'unknown',
    },
  ],
  'users-no-authorized-keys': [
    { guest: 'without keys', is: 'pass' },
    {
      guest: 'with a key of root',
      bend: rootKey,
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /--allow remove-keys/,
    },
    {
      guest: 'with a key of root, left to us',
      bend: rootKey,
      policy: { allow: ['remove-keys'] },
      is: 'fail',
      wants: [{ kind: 'file', path: '/root/.ssh/authorized_keys', is: 'absent' }],
    },
    {
      guest: 'with the key of who is at work on it',
      bend: (f) => {
        user('locked')(f);
        f.accounts.authorizedKeys.push({ user: 'ada', path: '/home/ada/.ssh/authorized_keys', keys: 2 });
        f.live = { hypervisor: 'kvm', memoryBytes: 1, runningKernel: 'x', loadedModules: [], operator: 1000 };
      },
      is: 'fail',
      severity: 'should',
      says: /holders of 2 keys/,
    },
    { guest: 'that moves as it is', bend: rootKey, policy: { mode: 'specialized' }, is: 'not-applicable' },
    {
      guest: 'whose keys cannot be read',
      bend: (f) => {
        f.unreadable['/home/ada/.ssh/authorized_keys'] = 'permission denied';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'users-removed': [
    { guest: 'without accounts of people', is: 'pass' },
    { guest: 'with one', bend: user('locked'), is: 'fail', severity: 'should', wants: [], advice: /userdel -r ada/ },
    {
      guest: 'whose accounts of people begin later',
      bend: (f) => {
        user('locked')(f);
        f.accounts.firstUid = 5000;
      },
      is: 'pass',
    },
    { guest: 'that moves as it is', bend: user('locked'), policy: { mode: 'specialized' }, is: 'not-applicable' },
    {
      guest: 'without accounts',
      bend: (f) => {
        f.accounts.users = [];
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
};
