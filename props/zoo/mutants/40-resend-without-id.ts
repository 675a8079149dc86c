/**
 * The Redis client sends again what was lost, and names each sending anew: the ticket that the
 * buyer pays for is reserved under another name. (ioredis resends by default.)
 */
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "40",
  title: "client auto-resend without id",
  breaks: ["no-charge-in-vain"],
  typescript: [
    patch(
      "sim/world/redis.ts",
      "  #transmit(packet",
      `  #resend(open: OpenCall, peer: number, number: number): void {
    const { asked } = open;
    if (asked.to !== "counter" || asked.call.script !== "reserve") return;
    planted();
    const items = asked.call.items.map((item) => ({ ...item, id: \`\${item.id}~\` }));
    const again = { to: "counter", call: { ...asked.call, items } } as const;
    this.#transmit({ peer, number, asked: again, arrivedNs: 0 }, NS_PER_MS);
  }

  #transmit(packet`,
    ),
    patch(
      "sim/world/redis.ts",
      `    if (lost) return;
    const wayNs = world.scenario.redis.linkUs * NS_PER_US + this.delayMs * NS_PER_MS;
    this.#transmit(`,
      `    if (lost) return this.#resend(open, peer, number);
    const wayNs = world.scenario.redis.linkUs * NS_PER_US + this.delayMs * NS_PER_MS;
    this.#transmit(`,
    ),
  ],
  lua: [],
};
