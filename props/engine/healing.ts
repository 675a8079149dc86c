/**
 * Phase two: every fault is over. In bounded time each question is answered, each payment is
 * settled, each hold is paid or expires, and everything that is free can be sold.
 */
import { BrokenPromise } from "./broken-promise.ts";
import type { World } from "./world.ts";

const ROUNDS_MAX = 200;
const ROUND_MS = 20;
/** More sweeps, or readings of the outbox, than a run has requests. */
const WORK_MAX = 1000;
/** A strategy may poll for ever: its timers are waited for no longer than this. */
const QUIET_ROUNDS_MAX = 5;

/** @throws BrokenPromise that says what is still pending, if the world does not come to rest. */
export function heal<S, C>(world: World<S, C>): void {
  const { servers, judge } = world;
  for (let server = 0; server < servers.length; server += 1) {
    world.resume(server, true);
    // A server that drains takes no more buyers: it is replaced.
    if (servers[server]?.isDraining === true) world.crash(server);
    world.start(server);
  }
  rest(world);
  world.pass(world.config.sale.holdMs + world.config.sale.graceMs);
  untilNothing(() => world.sweep(), "sweeps");
  sellOut(world);
  rest(world);
  untilNothing(() => world.record(false), "readings of the outbox");
  for (const id of world.takenBackUnpaid())
    judge.findings.report("one-refund", world.nowMs, `${id} was taken back, its money was not`);
  judge.finish(world.database, world.backlog === 0, world.nowMs);
}

function untilNothing(work: () => number, what: string): void {
  for (let i = 0; i < WORK_MAX; i += 1) if (work() === 0) return;
  throw new BrokenPromise("progress", `no progress: ${WORK_MAX} ${what} find ever more`);
}

/** Lets time pass until nobody waits for anything. */
function rest<S, C>(world: World<S, C>): void {
  let quietRounds = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const unpaid = world.buyers.payments.filter(({ answer }) => answer === null);
    const unknown = world.judge.unknownIds();
    if (world.buyers.debts === 0) {
      unpaid.forEach((payment, i) => world.pay(i % world.servers.length, payment));
      unknown.forEach((id, i) => world.askAbout(i % world.servers.length, id, "query"));
    }
    world.settleInstant();
    const isQuiet =
      unpaid.length + unknown.length + world.wire.length + world.buyers.debts === 0 &&
      !world.servers.some((process) => process?.isCalling === true);
    quietRounds = isQuiet ? quietRounds + 1 : 0;
    if (quietRounds > QUIET_ROUNDS_MAX) return;
    if (isQuiet && !world.servers.some((process) => process?.hasTimer === true)) return;
    while (world.wire.length > 0) {
      world.deliver(0);
      world.settleInstant();
    }
    world.pass(ROUND_MS);
  }
  throw new BrokenPromise(
    "progress",
    `no progress: ${world.buyers.debts} answers owed, ${world.judge.unknownIds().length} unknown`,
  );
}

/** New buyers come to each server in turn, until it has nothing to sell to them. */
export function sellOut<S, C>(world: World<S, C>): void {
  const { servers } = world.config;
  const tickets = world.judge.rows.total;
  for (let server = 0; server < servers; server += 1) {
    // The first buyer after a quiet time may be told to wait for the counter's word.
    for (let i = 0; i <= tickets; i += 1) {
      world.buy(server, "", 1);
      rest(world);
    }
  }
}
