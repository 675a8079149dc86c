import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import {
  CRC32_START,
  crc32Decimal,
  crc32Finish,
  crc32Text,
  crc32Uint32LittleEndian,
} from "./crc32.ts";

test.each(["", "a", "123456789", "127.0.0.1", "Größe", "火车票", "🚄 G1"])(
  "%j has zlib's checksum of its UTF-8 bytes",
  (text) => {
    expect(crc32Finish(crc32Text(CRC32_START, text))).toBe(crc32(Buffer.from(text)));
  },
);

test.each([0, 9, 10, 21, 12306])("%i counts as its decimal digits", (value) => {
  expect(crc32Decimal(CRC32_START, value)).toBe(crc32Text(CRC32_START, String(value)));
});

test("a 32-bit number counts as four bytes, lowest first", () => {
  const crc = crc32Finish(crc32Uint32LittleEndian(CRC32_START, 0x89abcdef));
  expect(crc).toBe(crc32(Buffer.from([0xef, 0xcd, 0xab, 0x89])));
});
