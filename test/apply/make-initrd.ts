function member(name: string, body: Buffer, mode: number): Buffer {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  const fields = [1, mode, 0, 0, 1, 0, body.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = Buffer.from(`070701${fields.map(hex).join('')}${name}\0`, 'latin1');
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([pad(head), pad(body)]);
}

/** An uncompressed newc archive with these modules of that kernel; each module's body has that many bytes. */
export function makeInitrd(kernel: string, modules: readonly string[], bytes = 500, trailer = true): Buffer {
  const files = modules.map((name) =>
    member(`lib/modules/${kernel}/kernel/drivers/hv/${name}.ko`, Buffer.alloc(bytes, name), 0o100644),
  );
  return Buffer.concat([
    member('init', Buffer.from('#!/bin/sh\n'), 0o100755),
    ...files,
    ...(trailer ? [member('TRAILER!!!', Buffer.alloc(0), 0)] : []),
  ]);
}
