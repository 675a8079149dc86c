/** What each layer on a request's way did: one line each. */
import type { LayerCounts } from "../../result.ts";
import { duration, grouped, plural } from "./format.ts";
import { facts } from "./layout.ts";
import type { Paint } from "./paint.ts";

const LABEL_WIDTH = 10;

type Fact = readonly [count: number, what: string];

export function layersText(layers: LayerCounts, paint: Paint): string[] {
  const { ospf, lvs, nginx, servers, redis, orders } = layers;
  return [
    paint("bold", "Layers"),
    ...row("ospf", [
      [ospf.routed, "routed"],
      [ospf.lostOnDeadPath, "lost on a dead path"],
      [ospf.droppedOnFullLink, "dropped on a full link"],
      [ospf.routeChanges, "changes of route"],
    ]),
    ...row("lvs", [
      [lvs.connections, "connections"],
      [lvs.refused, "refused"],
      [lvs.dropped, "dropped"],
      [lvs.removals, "nginx taken out"],
    ]),
    ...row("nginx", [
      [nginx.requests, "requests"],
      [nginx.tries, "tries"],
      [nginx.retries, "on a next server"],
      [nginx.answered502, "answered 502"],
      [nginx.answered504, "answered 504"],
      [nginx.noLiveUpstream, "without a live server"],
      [nginx.dropped, "dropped"],
    ]),
    ...row("servers", [
      [servers.requests, "requests"],
      [servers.quickRefusals, "refused without a call"],
      [servers.refusedOnFullQueue, "refused on a full queue"],
      [servers.crashes, "crashes"],
    ]),
    ...row(
      "redis",
      [
        [redis.scriptCalls, "script calls"],
        [redis.reserveItems, "reservations asked"],
        [redis.confirmItems, "payments"],
        [redis.grants, "grants"],
        [redis.sweeps, "sweeps"],
        [redis.timeouts, "timeouts"],
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
    .map(([count, what]) => `${grouped(count)} ${what}`);
  return facts(label, [...told, ...more], LABEL_WIDTH);
}
