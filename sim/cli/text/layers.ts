/** What each layer on a request's way did: one line each. */
import type { LayerCounts } from "../../result.ts";
import { duration, plural } from "./format.ts";
import { facts } from "./layout.ts";
import type { Paint } from "./paint.ts";

const LABEL_WIDTH = 10;

/** A count, and what it counts: of one, and of many if the word is not the same. */
type Fact = readonly [count: number, one: string, many?: string];

export function layersText(layers: LayerCounts, paint: Paint): string[] {
  const { ospf, lvs, nginx, servers, redis, orders } = layers;
  return [
    paint("bold", "Layers"),
    ...row("ospf", [
      [ospf.routed, "routed"],
      [ospf.lostOnDeadPath, "lost on a dead path"],
      [ospf.droppedOnFullLink, "dropped on a full link"],
      [ospf.routeChanges, "change of route", "changes of route"],
    ]),
    ...row("lvs", [
      [lvs.connections, "connection", "connections"],
      [lvs.refused, "refused"],
      [lvs.dropped, "dropped"],
      [lvs.removals, "nginx taken out"],
    ]),
    ...row("nginx", [
      [nginx.requests, "request", "requests"],
      [nginx.tries, "try", "tries"],
      [nginx.retries, "on a next server"],
      [nginx.answered502, "answered 502"],
      [nginx.answered504, "answered 504"],
      [nginx.noLiveUpstream, "without a live server"],
      [nginx.dropped, "dropped"],
    ]),
    ...row("servers", [
      [servers.requests, "request", "requests"],
      [servers.quickRefusals, "refused without a call"],
      [servers.refusedOnFullQueue, "refused on a full queue"],
      [servers.crashes, "crash", "crashes"],
    ]),
    ...row(
      "redis",
      [
        [redis.scriptCalls, "script call", "script calls"],
        [redis.reserveItems, "reservation asked", "reservations asked"],
        [redis.confirmItems, "payment", "payments"],
        [redis.grants, "grant", "grants"],
        [redis.sweeps, "sweep", "sweeps"],
        [redis.timeouts, "timeout", "timeouts"],
      ],
      [`busy ${duration(redis.busyMs)}`],
    ),
    ...row(
      "orders",
      [[orders.recorded, "recorded"]],
      [plural(orders.statements, "statement"), `${orders.statementsPerTicket.toFixed(2)} a ticket`],
    ),
  ];
}

/** The first count always, the others only if there is something to count. */
function row(label: string, counts: readonly Fact[], more: readonly string[] = []): string[] {
  const told = counts
    .filter(([count], i) => i === 0 || count > 0)
    .map(([count, one, many = one]) => plural(count, one, many));
  return facts(label, [...told, ...more], LABEL_WIDTH);
}
