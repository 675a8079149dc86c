import type { CallOf, CounterReply } from "../calls.ts";
import { isCount, isName, isQuantity } from "./arguments.ts";
import { enter, heardFrom, refuse, reply, saleOf } from "./prelude.ts";
import type { CounterState } from "../state.ts";

/** ../lua/grant.lua */
export function grant(
  state: CounterState,
  call: CallOf<"grant">,
  redisTimeMs: number,
): CounterReply {
  const { epoch, server, liveMs } = call;
  if (!isCount(epoch) || !isName(server) || !isQuantity(liveMs)) return refuse("BADARG");

  const ended = enter(state, epoch, redisTimeMs);
  if (ended !== null) return ended;

  heardFrom(state, server);
  const sale = saleOf(state);
  const notLiveMs = sale.clockMs - liveMs;
  let liveServers = 0;
  for (const heardMs of state.servers.values()) if (heardMs > notLiveMs) liveServers += 1;
  return { ...reply(sale, "OK"), liveServers };
}
