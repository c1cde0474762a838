/**
 * The words of a shell script as sh(1) splits them, with their places: enough to see which variables a sourced file sets.
 * Nothing is ever run or expanded here. One pass over the text: an unclosed quote or substitution takes the rest of it.
 */

export interface ShellWord {
  readonly start: number;
  readonly end: number;
}

/** Words up to an operator or a line end. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** Surely run, in this very shell: not inside if, case, a loop, a function, a subshell, a pipe, or behind && and ||. */
  readonly sure: boolean;
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Offset of the quote or substitution that is never closed. */
  readonly unclosed: number | undefined;
}

interface Heredoc {
  readonly delimiter: string;
  readonly tabs: boolean;
}

const closerOf: Readonly<Record<string, string>> = {
  if: 'fi',
  case: 'esac',
  for: 'done',
  select: 'done',
  while: 'done',
  until: 'done',
  '{': '}',
};
/** A command may follow these on the same line. */
const beforeCommand = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', 'time', '!', '{']);
const closers = new Set(Object.values(closerOf));

/** Splits a script into simple commands. */
export function shellScript(text: string): ShellScript {
  const commands: ShellCommand[] = [];
  const heredocs: Heredoc[] = [];
  /** What would close each construct that is open. */
  const open: string[] = [];
  let words: ShellWord[] = [];
  let chained = false;
  let unclosed: number | undefined;
  const keyword = (word: ShellWord | undefined) =>
    word === undefined || word.end - word.start > 8 ? '' : text.slice(word.start, word.end);
  const finish = (operator: string) => {
    let first = 0;
    for (; beforeCommand.has(keyword(words[first])); first++) {
      const closer = closerOf[keyword(words[first])];
      if (closer !== undefined) open.push(closer);
    }
    const name = keyword(words[first]);
    if (name === 'function' && keyword(words.at(-1)) === '{') open.push('}');
    else if (closers.has(name)) {
      if (open.at(-1) === name) open.pop();
    } else if (closerOf[name] !== undefined) open.push(closerOf[name]);
    else if (first < words.length) {
      const sure = open.length === 0 && !chained && operator !== '|' && operator !== '&';
      commands.push({ words: first === 0 ? words : words.slice(first), sure });
    }
    words = [];
    chained = operator === '&&' || operator === '||' || operator === '|';
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === ' ' || char === '\t') at++;
    else if (char === '\\' && text[at + 1] === '\n') at += 2;
    else if (char === '#') at = lineEnd(text, at);
    else if (char === '\n') {
      // A line end does not break a chain: `a &&` goes on in the next line.
      if (words.length > 0 || !chained) finish('\n');
      at = skipHeredocs(text, at + 1, heredocs);
    } else if (char === ';' || char === '&' || char === '|') {
      const operator = text[at + 1] === char ? char + char : char;
      finish(operator);
      at += operator.length;
    } else if (char === '(') {
      finish('(');
      open.push(')');
      at++;
    } else if (char === ')') {
      finish(')');
      if (open.at(-1) === ')') open.pop();
      at++;
    } else if (char === '<' || char === '>') at = skipRedirection(text, at, heredocs);
    else {
      const end = wordEnd(text, at, (from) => {
        unclosed ??= from;
      });
      words.push({ start: at, end });
      at = end;
    }
  }
  finish('\n');
  return { commands, unclosed };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

const hereDocument = /<<(-?)[ \t]*(?:\\|(["']))?([\w.-]+)\2?/y;
const redirection = /[<>]{1,3}&?/y;

/** Passes over `>`, `>>`, `<`, `>&`, `<<<` …; the file name that follows is an ordinary word. Notes here-documents. */
function skipRedirection(text: string, at: number, heredocs: Heredoc[]): number {
  hereDocument.lastIndex = at;
  const found = text[at + 2] === '<' ? null : hereDocument.exec(text);
  if (found !== null) {
    heredocs.push({ delimiter: found[3] as string, tabs: found[1] === '-' });
    return hereDocument.lastIndex;
  }
  redirection.lastIndex = at;
  redirection.exec(text);
  return redirection.lastIndex;
}

function skipHeredocs(text: string, start: number, heredocs: Heredoc[]): number {
  let at = start;
  for (const { delimiter, tabs } of heredocs.splice(0)) {
    for (let done = false; !done && at < text.length; ) {
      const end = lineEnd(text, at);
      const line = text.slice(at, end);
      done = (tabs ? line.replace(/^\t+/, '') : line) === delimiter;
      at = end + 1;
    }
  }
  return Math.min(at, text.length);
}

const wordBreak = /[ \t\n;&|()<>'"\\$`]/g;

/** The end of the word that starts at `start`, over all its quotes and substitutions. */
function wordEnd(text: string, start: number, unclosed: (from: number) => void): number {
  for (let at = start; at < text.length; ) {
    wordBreak.lastIndex = at;
    const found = wordBreak.exec(text);
    if (found === null) break;
    at = found.index;
    const char = found[0];
    // An array: NAME=(…), which bash reads; it is one word here.
    if (char === '(' && at > start && text[at - 1] === '=') at = skipSpan(text, at, ')', unclosed);
    else if (' \t\n;&|()<>'.includes(char)) return at;
    else at = skipPart(text, at, unclosed);
  }
  return text.length;
}

/** From a quote, a backslash, a `$` or a backtick to behind what it opens. */
export function skipPart(text: string, at: number, unclosed: (from: number) => void): number {
  const char = text[at];
  if (char === '\\') return Math.min(at + 2, text.length);
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    if (end < 0) unclosed(at);
    return end < 0 ? text.length : end + 1;
  }
  if (char === '"' || char === '`') return skipSpan(text, at, char, unclosed);
  if (text[at + 1] === '(') return skipSpan(text, at + 1, ')', unclosed);
  if (text[at + 1] === '{') return skipSpan(text, at + 1, '}', unclosed);
  return at + 1;
}

const inSpan = /['"\\`$(){}]/g;

/** From an opening character to behind its `closer`, over what nests inside. A stack, not recursion: a guest may nest without end. */
function skipSpan(text: string, start: number, closer: string, unclosed: (from: number) => void): number {
  const stack = [closer];
  let at = start + 1;
  while (stack.length > 0) {
    inSpan.lastIndex = at;
    const found = inSpan.exec(text);
    if (found === null) {
      unclosed(start);
      return text.length;
    }
    const char = found[0];
    const inside = stack.at(-1);
    at = found.index + 1;
    if (char === '\\') at++;
    else if (char === inside) stack.pop();
    else if (char === "'" && inside !== '"') {
      const end = text.indexOf("'", at);
      at = end < 0 ? text.length : end + 1;
    } else if (char === '"' || char === '`') stack.push(char);
    else if (char === '$' && (text[at] === '(' || text[at] === '{')) {
      stack.push(text[at] === '(' ? ')' : '}');
      at++;
    } else if (char === '(' && inside === ')') stack.push(')');
  }
  return Math.min(at, text.length);
}
