/** Whom each kernel event is for. */
import type { Course } from "./course.ts";
import * as E from "./events.ts";
import type { Machines } from "./machines.ts";
import type { Proxies } from "./proxies.ts";
import type { TicketServers } from "./ticket-servers.ts";

/** Lets an event happen; what its numbers mean stands in `events.ts`. */
type Handler = (slot: number, argument: number) => void;

/**
 * A table, not one long `switch`: the compiler then optimises each handler by itself, and need not
 * do it again for all of them when the run comes to something new. The three kinds that a request
 * is made of, most of all events, are called without it.
 */
export class EventHandlers {
  readonly #handlers: readonly Handler[];
  readonly #proxies: Proxies;
  readonly #servers: TicketServers;

  constructor(machines: Machines, course: Course) {
    this.#handlers = handlersOf(machines, course);
    this.#proxies = machines.proxies;
    this.#servers = machines.servers;
  }

  handle(kind: number, slot: number, argument: number): void {
    if (kind === E.NGINX_ARRIVE) this.#proxies.arrive(slot);
    else if (kind === E.SERVE) this.#servers.serve(slot);
    else if (kind === E.NGINX_REPLY) this.#proxies.reply(slot);
    else this.#handlers[kind](slot, argument);
  }
}

function handlersOf(machines: Machines, course: Course): readonly Handler[] {
  const { buyers, proxies, servers, workers, redis, database, payments } = machines;
  const { world, frontDoor, nemesis, traffic, closing } = machines;
  const handlers: Handler[] = [];
  const on = (kind: number, handler: Handler): void => {
    handlers[kind] = handler;
  };

  on(E.OPEN, () => {
    machines.open();
    course.lookLater();
  });
  on(E.LOOK_AROUND, () => course.lookAround());

  on(E.BUYER_ACT, (buyer, generation) => buyers.act(buyer, generation));
  on(E.PAYMENT_DELIVER, (payment) => payments.deliver(payment));

  on(E.OSPF_ADVANCE, () => frontDoor.changed());
  on(E.DIRECTOR_CHECK, (director, check) => frontDoor.check(director, check));

  on(E.NGINX_TRY_FAILED, (request, tryNumber) => proxies.tryFailed(request, tryNumber));
  on(E.NGINX_READ_TIMEOUT, (request, tryNumber) => proxies.readTimeout(request, tryNumber));

  on(E.SERVER_FLUSH, (server, incarnation) => servers.driver.flush(server, incarnation));
  on(E.SERVER_TIMER, (_, timer) => servers.driver.timer(timer));
  on(E.WORKER_TIMER, (_, timer) => workers.timer(timer));

  on(E.REDIS_ARRIVE, (_, packet) => redis.arrive(packet));
  on(E.REDIS_PASS_END, (restarts) => redis.endPass(restarts));
  on(E.CALL_REPLY, (_, call) => redis.replyArrives(call));
  on(E.CALL_TIMEOUT, (_, call) => redis.timedOut(call));
  on(E.DATABASE_ARRIVE, (_, call) => database.arrive(call));
  on(E.DATABASE_COMMIT, (_, call) => database.commit(call));

  on(E.FAULT_BEGIN, (episode) => {
    traffic.fault(world.nowNs);
    nemesis.begin(episode);
  });
  on(E.FAULT_END, (episode) => {
    traffic.fault(world.nowNs);
    nemesis.end(episode);
  });
  on(E.PROBE, (server, putOff) => closing.probe(server, putOff));
  return handlers;
}
