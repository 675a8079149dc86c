import { randomBytes } from "node:crypto";

const ID_LENGTH = 32;
const IDS_AT_ONCE = 256;
/** Ids to come, made together: to make them one by one costs far more. */
let pool = "";
let used = 0;

/**
 * 128 random bits in hexadecimal, as nginx's $request_id. Whoever knows the id may pay or cancel:
 * it must not be guessed from other ids.
 */
export function newId(): string {
  if (used === pool.length) {
    pool = randomBytes((IDS_AT_ONCE * ID_LENGTH) / 2).toString("hex");
    used = 0;
  }
  used += ID_LENGTH;
  return pool.slice(used - ID_LENGTH, used);
}
