/**
 * CRC-32 (IEEE 802.3, as in zlib) over text and bytes, in steps, without allocation: nginx feeds it
 * a hash key in pieces. `node:zlib` has it only from Node 20.15 and for one whole buffer.
 */

/** Start value; finish with `crc32Finish`. */
export const CRC32_START = 0xffffffff | 0;

const TABLE = makeTable();

function makeTable(): Int32Array {
  const table = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
    }
    table[byte] = crc;
  }
  return table;
}

/** Adds one byte, 0 to 255. */
export function crc32Byte(crc: number, byte: number): number {
  return TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
}

/** Adds the UTF-8 bytes of a text. */
export function crc32Text(crc: number, text: string): number {
  let c = crc;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      c = crc32Byte(c, unit);
    } else if (unit < 0x800) {
      c = crc32Byte(c, 0xc0 | (unit >> 6));
      c = crc32Byte(c, 0x80 | (unit & 0x3f));
    } else {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) {
        i += 1;
        c = crc32Byte(c, 0xf0 | (point >> 18));
        c = crc32Byte(c, 0x80 | ((point >> 12) & 0x3f));
      } else {
        c = crc32Byte(c, 0xe0 | (point >> 12));
      }
      c = crc32Byte(c, 0x80 | ((point >> 6) & 0x3f));
      c = crc32Byte(c, 0x80 | (point & 0x3f));
    }
  }
  return c;
}

/** Adds the decimal digits of a whole number. */
export function crc32Decimal(crc: number, value: number): number {
  const head = value < 10 ? crc : crc32Decimal(crc, Math.floor(value / 10));
  return crc32Byte(head, 0x30 + (value % 10));
}

/** Adds the four bytes of a 32-bit number, lowest first. */
export function crc32Uint32LittleEndian(crc: number, value: number): number {
  let c = crc32Byte(crc, value & 0xff);
  c = crc32Byte(c, (value >>> 8) & 0xff);
  c = crc32Byte(c, (value >>> 16) & 0xff);
  return crc32Byte(c, value >>> 24);
}

/** The checksum, as an unsigned 32-bit number. */
export function crc32Finish(crc: number): number {
  return (crc ^ 0xffffffff) >>> 0;
}
