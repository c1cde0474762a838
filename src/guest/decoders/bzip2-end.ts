import { BadData, type Input } from './input.ts';

/** The 48 bits that end a bzip2 stream, before a 32-bit checksum. They may begin at any bit. */
const endMark = 0x177245385090n;
const windowBytes = 65_536;
/** Windows overlap by more than the seven bytes that a mark can touch, so each mark lies whole in one of them. */
const overlap = 16;

/** The mark at one of its eight alignments: five bytes that it fills whole, and what it has of the bytes beside them. */
interface Shifted {
  readonly shift: number;
  readonly bytes: Buffer;
  readonly before: { readonly mask: number; readonly value: number };
  readonly after: { readonly mask: number; readonly value: number };
}

function shiftMark(shift: number): Shifted {
  const seven = Buffer.from((endMark << BigInt(8 - shift)).toString(16).padStart(14, '0'), 'hex');
  return {
    shift,
    before: { mask: 0xff >>> shift, value: seven.readUInt8(0) },
    bytes: seven.subarray(1, 6),
    after: { mask: (0xff00 >>> shift) & 0xff, value: seven.readUInt8(6) },
  };
}

/** For each byte value: the alignments in which one of the five bytes has it, and which one. */
function indexMarks(): readonly (readonly { readonly mark: Shifted; readonly position: number }[])[] {
  const index: { mark: Shifted; position: number }[][] = Array.from({ length: 256 }, () => []);
  for (let shift = 0; shift < 8; shift++) {
    const mark = shiftMark(shift);
    mark.bytes.forEach((byte, position) => {
      index[byte]?.push({ mark, position });
    });
  }
  return index;
}

function isMark(window: Buffer, start: number, { bytes, before, after }: Shifted): boolean {
  return (
    start >= 0 &&
    start + 6 < window.length &&
    (window.readUInt8(start) & before.mask) === before.value &&
    (window.readUInt8(start + 6) & after.mask) === after.value &&
    window.compare(bytes, 0, 5, start + 1, start + 6) === 0
  );
}

/**
 * Goes behind the end of a bzip2 stream without unpacking it. Any five bytes in a row hold one that a look at every fifth
 * byte meets, so four of five are passed over. Packed data holds such a mark by chance with 2^-48 for each bit: the tool
 * that is given too little then fails, and our own decoder, which does not come here, finds the true end.
 */
export function passBzip2(input: Input): void {
  const index = indexMarks();
  for (let offset = input.offset; offset < input.size; offset += windowBytes - overlap) {
    input.moveTo(offset);
    const window = input.bytes(Math.min(windowBytes, input.size - offset));
    for (let at = 0; at < window.length; at += 5) {
      for (const { mark, position } of index[window[at] as number] as (typeof index)[number]) {
        const start = at - position - 1;
        if (!isMark(window, start, mark)) continue;
        // 48 bits of mark and 32 of checksum from that bit on, up to a whole byte.
        input.moveTo(offset + start);
        input.skip(mark.shift === 0 ? 10 : 11);
        return;
      }
    }
  }
  throw new BadData('bzip2: the compressed data ends early');
}
