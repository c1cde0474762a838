/** What a shell script does to variables, followed without running it. */
import type { GuestPath, ShellSetting } from '../model.ts';
import { evidenceFinder } from './lines.ts';
import { emptyRecord } from './record.ts';
import { type ShellPiece, shellPieces } from './shell-pieces.ts';
import { type ShellScript, type ShellWord, shellScript } from './shell-words.ts';

/** A file that a shell sources. */
export interface ShellFile {
  readonly path: GuestPath;
  readonly text: string;
}

/** `NAME=word` or `NAME+=word`, where it stands. */
export interface ShellAssignment {
  readonly name: string;
  readonly append: boolean;
  /** Offsets of the name, of the word, and of the word's end. */
  readonly start: number;
  readonly value: number;
  readonly end: number;
  /** Offset of the command it is in: of `export`, or of the first assignment. */
  readonly command: number;
  /** The command sets nothing else. */
  readonly alone: boolean;
  /** Surely run; see ShellCommand. */
  readonly sure: boolean;
}

export type ShellEvent =
  | { readonly is: 'set'; readonly assignment: ShellAssignment }
  | { readonly is: 'unset'; readonly name: string; readonly sure: boolean }
  /** Another file is sourced, or a string is evaluated: anything may have been set. */
  | { readonly is: 'unknown' };

/** What a variable holds after an event. */
export interface ShellState {
  readonly value: string;
  readonly literal: boolean;
  /** What set it surely ran, and nothing unknown ran since. */
  readonly sure: boolean;
}

/** What is known at one point. `complete`: nothing was sourced before, so a variable that extends itself starts empty. */
export interface ShellScope {
  readonly states: Map<string, ShellState>;
  readonly complete: boolean;
}

/** A piece of a word with what it comes to: undefined where that is not known. */
export interface ResolvedPiece extends ShellPiece {
  readonly value: string | undefined;
}

const assigns = /([A-Za-z_]\w*)(\+?)=/y;
const declares = new Set(['export', 'readonly', 'declare', 'typeset', 'local']);
/** Sourced for names of their own, so nothing that matters here changes. */
const harmless = /^(?:\/etc|\/usr\/lib)\/(?:os|lsb)-release$/;

/** Characters of a value. A few lines of `X="$X$X"` make one that fills all memory; what is longer counts as not known. */
const longest = 65536;

/** What a script does to variables, in order. A variable set for one command only (`X=1 make`) is not set. */
export function shellEvents(text: string, script: ShellScript = shellScript(text)): ShellEvent[] {
  const events: ShellEvent[] = [];
  for (const { words, sure } of script.commands) {
    const found = words.map((word) => assignmentAt(text, word));
    const name = wordText(text, words[0]);
    const assignments = found.filter((one) => one !== undefined);
    if (assignments.length === words.length || declares.has(name)) {
      const command = words[0]?.start ?? 0;
      const alone = assignments.length === 1;
      for (const one of assignments) events.push({ is: 'set', assignment: { ...one, command, alone, sure } });
    } else if (name === 'unset') {
      for (const word of words.slice(1)) events.push({ is: 'unset', name: wordText(text, word), sure });
    } else if (
      name === 'eval' ||
      ((name === '.' || name === 'source') && !harmless.test(wordText(text, words[1]).replace(/["'\r]/g, '')))
    ) {
      events.push({ is: 'unknown' });
    }
  }
  return events;
}

/** A short word as written. */
function wordText(text: string, word: ShellWord | undefined): string {
  return word === undefined || word.end - word.start > 80 ? '' : text.slice(word.start, word.end);
}

function assignmentAt(text: string, word: ShellWord) {
  assigns.lastIndex = word.start;
  const found = assigns.exec(text);
  if (found === null || assigns.lastIndex > word.end) return undefined;
  return {
    name: found[1] as string,
    append: found[2] === '+',
    start: word.start,
    value: assigns.lastIndex,
    end: word.end,
  };
}

/** The pieces of an assignment's word in a scope. */
export function resolvePieces(text: string, assignment: ShellAssignment, scope: ShellScope): ResolvedPiece[] {
  return shellPieces(text, assignment.value, assignment.end).map((piece) => {
    if (piece.is !== 'name') return { ...piece, value: piece.is === 'text' ? piece.text : undefined };
    const state = scope.states.get(piece.name as string);
    if (state !== undefined) return { ...piece, value: state.literal ? state.value : undefined };
    return { ...piece, value: scope.complete && piece.name === assignment.name ? '' : undefined };
  });
}

/** Takes one event into the scope. */
export function applyEvent(text: string, event: ShellEvent, scope: ShellScope): void {
  const { states } = scope;
  if (event.is === 'unset') {
    const state = states.get(event.name);
    if (event.sure) states.delete(event.name);
    else if (state !== undefined) states.set(event.name, { ...state, literal: false, sure: false });
  } else if (event.is === 'unknown') {
    for (const [name, state] of states) states.set(name, { ...state, literal: false, sure: false });
  } else {
    const { name, append, sure, value } = event.assignment;
    const pieces = resolvePieces(text, event.assignment, scope);
    const before = append ? states.get(name) : undefined;
    const length = pieces.reduce((sum, piece) => sum + (piece.value ?? piece.text).length, before?.value.length ?? 0);
    const fits = length <= longest;
    // An array of bash is one word to us, not a value.
    const known = fits && text[value] !== '(' && pieces.every((piece) => piece.value !== undefined);
    const shown = fits ? (before?.value ?? '') + pieces.map((piece) => piece.value ?? piece.text).join('') : '';
    states.set(name, {
      value: shown,
      literal: sure && known && before?.literal !== false,
      sure: sure && before?.sure !== false,
    });
  }
}

/** Follows files that are sourced one after another. `each` is told of every assignment, before it is taken into the scope. */
export function followShell(
  files: readonly ShellFile[],
  complete: boolean,
  each?: (file: ShellFile, assignment: ShellAssignment, scope: ShellScope, at: ShellSetting['at']) => void,
): Record<string, ShellSetting> {
  const scope: ShellScope = { states: new Map(), complete };
  const places = new Map<string, ShellSetting['at']>();
  for (const file of files) {
    const evidence = evidenceFinder(file.path, file.text);
    for (const event of shellEvents(file.text)) {
      if (event.is === 'set') {
        const at = evidence(event.assignment.start);
        places.set(event.assignment.name, at);
        each?.(file, event.assignment, scope, at);
      }
      applyEvent(file.text, event, scope);
    }
  }
  const settings = emptyRecord<ShellSetting>();
  for (const [name, { value, literal }] of scope.states) {
    settings[name] = { value, literal, at: places.get(name) as ShellSetting['at'] };
  }
  return settings;
}
