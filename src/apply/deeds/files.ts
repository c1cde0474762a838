import { contentAt, digestOfText } from '../../journal/content.ts';
import type { GuestPath, Step } from '../../model.ts';
import type { Deed, Workplace } from './deed.ts';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** Where an edit of `path` ends: links are followed, since a link replaced by a file is a change nobody asked for. */
async function endOf(path: GuestPath, { guest }: Workplace): Promise<GuestPath> {
  const stat = await guest.stat(path);
  if (stat.is !== 'there' || stat.value.type !== 'link') return path;
  const real = await guest.real(path);
  if (real.is !== 'there') throw new Error(`${path} is a link that leads nowhere`);
  return real.value;
}

async function expectContent(
  path: GuestPath,
  expected: string,
  { guest }: Workplace,
  otherwise: string,
): Promise<void> {
  if ((await contentAt(guest, path)) !== expected) throw new Error(`${path} ${otherwise}`);
}

/** A file gets new content, or is new. */
export async function writing(step: StepOf<'write'>, workplace: Workplace): Promise<Deed> {
  const { guest, place } = workplace;
  const path = await endOf(step.path, workplace);
  const before = step.before === null ? 'absent' : digestOfText(step.before);
  await expectContent(path, before, workplace, 'was changed since the plan was made');
  return {
    touches: [{ path, keep: { how: 'copy', at: place() } }],
    makesFolders: true,
    leftovers: [],
    perform: async () => {
      await guest.write(
        path,
        Buffer.from(step.content, 'latin1'),
        step.before === null ? { mode: step.mode } : undefined,
      );
      await expectContent(path, digestOfText(step.content), workplace, 'does not read as it was written');
    },
  };
}

/** Nothing shall stand there. A folder only when it is empty. */
export async function removing(step: StepOf<'remove'>, workplace: Workplace): Promise<Deed> {
  const { guest, place } = workplace;
  return {
    // A second name keeps the file itself, so that its other names stay names of the same file after an undoing.
    touches: [{ path: step.path, keep: { how: 'second-name', at: place() } }],
    makesFolders: false,
    leftovers: [],
    perform: async () => {
      await guest.remove(step.path);
      await expectContent(step.path, 'absent', workplace, 'is still there');
    },
  };
}

/** A symbolic link shall stand there. */
export async function linking(step: StepOf<'link'>, workplace: Workplace): Promise<Deed> {
  const { guest, place } = workplace;
  return {
    touches: [{ path: step.path, keep: { how: 'second-name', at: place() } }],
    makesFolders: true,
    leftovers: [],
    perform: async () => {
      await guest.link(step.path, step.to);
      await expectContent(step.path, `link:${step.to}`, workplace, `does not lead to ${step.to}`);
    },
  };
}

/** Another file of the guest shall stand there as well. It is made beside and renamed: never half of it is seen, on vfat too. */
export async function copying(step: StepOf<'copy'>, workplace: Workplace): Promise<Deed> {
  const { guest, place } = workplace;
  const stat = await guest.stat(step.from);
  if (stat.is !== 'there' || stat.value.type !== 'file')
    throw new Error(`${step.from} is no file that could be copied`);
  const content = await contentAt(guest, step.from);
  return {
    touches: [{ path: step.path, keep: { how: 'copy', at: place() } }],
    makesFolders: true,
    leftovers: [],
    perform: async () => {
      await guest.copy(step.from, step.path);
      await expectContent(step.path, content, workplace, `does not read as ${step.from} does`);
    },
  };
}
