// biome-ignore-all lint/style/useNodejsImportProtocol: the require of Node's own start-up knows bare names only
//
// Runs inside the packed executable, before the program: pkg's producer puts this text behind the bundle and Node's
// patched start-up calls it as a function of EXECPATH_FD (the executable, opened) and PAYLOAD_POSITION. scripts/pack.ts
// adds FILES, the table of what was packed, and ENTRY, the bundle's name in it.
//
// It stands in for pkg's own prelude, which gives a program of many files a virtual file system, and for that
// - answers for every path below /snapshot, and lists a `snapshot` in the root folder that is not there: a guest
//   mounted at /snapshot/disk could not be read;
// - obeys PKG_EXECPATH, by which anyone can run a script of his own as this program, and hands it on to every child;
// - turns a child named `node` into this program, and breaks exec(command, undefined, callback);
// - costs 10 ms of each start.
// We are one file and need none of it. Nothing of Node is changed here but the entry point.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');
const { Script } = require('vm');

/** The bytes of one packed thing: where it begins in the payload, and how long it is. */
function stored([at, size]) {
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let got = 0; got < size; ) {
    const read = fs.readSync(EXECPATH_FD, bytes, got, size - got, PAYLOAD_POSITION + at + got);
    if (read === 0) throw new Error(`${process.execPath} is cut short`);
    got += read;
  }
  return bytes;
}

const publicRequire = Module.createRequire(ENTRY);

/** Only what is in Node itself: never a file of this machine, whatever NODE_PATH or the folders above hold. */
function requireBuiltin(name) {
  if (Module.isBuiltin(name)) return publicRequire(name);
  throw Object.assign(new Error(`no module ${name} in this program`), { code: 'MODULE_NOT_FOUND' });
}

const [text, cache] = [FILES[ENTRY], FILES[`${ENTRY}.cache`]].map((file) => file && stored(file[1]));
// One byte per character: bundle.ts has written everything else as an escape.
const source = Module.wrap(text.toString('latin1'));

Module.runMain = () => {
  const main = new Module(ENTRY);
  main.filename = ENTRY;
  main.paths = [];
  process.argv[1] = ENTRY;
  const script = new Script(source, { filename: ENTRY, cachedData: cache });
  script.runInThisContext().call(main.exports, main.exports, requireBuiltin, main, ENTRY, path.dirname(ENTRY));
};
