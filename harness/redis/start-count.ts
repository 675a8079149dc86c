/**
 * How often a sale was taken up, counted in Redis beside its counter. Who takes up a sale that is
 * on already must not pass for its first servers: they have taken their slices, and rows tell whose
 * they are by server and incarnation.
 */
import type { RedisAddress } from "./address.ts";
import { command, connectRedis } from "./connection.ts";

const TIMEOUT_MS = 5000;

/** Of one slot of a Cluster with the counter's own keys. */
export function startCountKey(saleId: string): string {
  return `{${saleId}}:starts`;
}

/**
 * The incarnation that the sale's servers now start with: 0 for a new sale, else one that no
 * earlier start was given.
 * @throws CounterCallError
 */
export async function takeIncarnation(
  address: RedisAddress,
  saleId: string,
  isNewSale: boolean,
): Promise<number> {
  const connection = await connectRedis(address);
  const key = startCountKey(saleId);
  try {
    if (!isNewSale) return Number(await command(connection, TIMEOUT_MS, "incr", key));
    await command(connection, TIMEOUT_MS, "del", key);
    return 0;
  } finally {
    connection.disconnect();
  }
}
