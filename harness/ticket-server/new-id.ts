import { randomFillSync } from "node:crypto";

const ID_BYTES = 16;
/** Filled at once: each call for random bytes costs far more than the bytes do. */
const pool = Buffer.alloc(256 * ID_BYTES);
let used = pool.length;

/**
 * 128 random bits in hexadecimal, as nginx's $request_id. Whoever knows the id may pay or cancel:
 * it must not be guessed from other ids.
 */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString("hex", used - ID_BYTES, used);
}
