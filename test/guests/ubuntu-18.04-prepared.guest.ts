import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

export const guest: PhonyGuest = {
  about: 'Ubuntu 18.04 prepared as the article says.',
  tree: ubuntu({ version: '18.04', kernel: '5.4.0-150-generic', line: delayedLine }),
  shows: [],
};
