/**
 * Phase two: every fault is over. In bounded time each question is answered, each payment is
 * settled, each hold is paid or expires, and everything that is free can be sold.
 */
import { backlog } from "../../core/counter/outbox.ts";
import type { World } from "./world.ts";

const ROUNDS_MAX = 200;
const ROUND_MS = 20;

/** Throws an Error that says what is still pending, if the world does not come to rest. */
export function heal(world: World): void {
  const { servers, judge } = world;
  for (let server = 0; server < servers.length; server += 1) {
    world.resume(server, true);
    // A server that drains takes no more buyers: it is replaced.
    if (servers[server]?.state.draining === true) world.crash(server);
    world.start(server);
  }
  rest(world);
  world.pass(world.config.sale.holdMs + world.config.sale.graceMs);
  while (world.sweep() > 0);
  sellOut(world);
  rest(world);
  while (world.record(false) > 0);
  judge.finish(world.database, backlog(world.stock) === 0, world.nowMs);
}

/** Lets time pass until nobody waits for anything. */
function rest(world: World): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const unpaid = world.buyers.payments.filter(({ isAnswered }) => !isAnswered);
    const unknown = world.judge.unknownIds();
    if (world.buyers.debts === 0) {
      unpaid.forEach((payment, i) => world.pay(i % world.servers.length, payment));
      unknown.forEach((id, i) => world.askAbout(i % world.servers.length, id, "query"));
    }
    world.settleInstant();
    const isQuiet =
      unpaid.length + unknown.length + world.wire.length + world.buyers.debts === 0 &&
      world.servers.every((process) => process!.state.attempts.size === 0);
    if (isQuiet) return;
    while (world.wire.length > 0) {
      world.deliver(0);
      world.settleInstant();
    }
    world.pass(ROUND_MS);
  }
  throw new Error(
    `no progress: ${world.buyers.debts} answers owed, ${world.judge.unknownIds().length} unknown`,
  );
}

/** New buyers come to each server in turn, until it has nothing to sell to them. */
function sellOut(world: World): void {
  const { tickets, servers } = world.config;
  for (let server = 0; server < servers; server += 1) {
    // The first buyer after a quiet time may be told to wait for the counter's word.
    for (let i = 0; i <= tickets; i += 1) {
      world.buy(server, "", 1);
      rest(world);
    }
  }
}
