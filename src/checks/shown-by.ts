/** Made by `npm run docs` from the made-up guests under test/guests: which of them show a rule failing. */
export const shownBy: Readonly<Record<string, readonly string[]>> = {};
