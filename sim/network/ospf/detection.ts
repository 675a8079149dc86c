/**
 * How neighbours find out about each other: what happens on a link becomes, after the time that
 * takes, what its ends believe.
 *
 * Carrier loss is known at once. A silent failure is known when the dead interval has passed since
 * the last Hello, which came up to one hello interval before the failure: uniform in
 * (dead - hello, dead]. A neighbour that is back is adjacent after 1 to 1.25 hello intervals
 * (FRR 8.4.4 recorded 10.0 and 12.2 s at hello 10, 1.05 s at hello 1): each end must hear a Hello,
 * and be named in one.
 *
 * A Hello is a multicast. So on a broadcast network all that miss a router miss it at the same
 * moment, and all that find one again do so together.
 */
import type { Stream } from "../../kernel/random.ts";
import type { Agenda } from "./agenda.ts";
import type { OspfEvent } from "./events.ts";
import type { Link, LinkEnd, Pair } from "./topology.ts";
import { connects, hasCarrier } from "./topology.ts";

const DRAW_LAST_HELLO = 0;
const DRAW_BRING_UP = 1;
/** A draw's key is an end and the number of the change on its link: end * 2^24 + change. */
const CHANGES_PER_LINK = 2 ** 24;

/** Call after any change to cables, power or processes on the link; the draws come from `stream`. */
export function noticeChange(
  link: Link,
  nowNs: number,
  stream: Stream,
  agenda: Agenda<OspfEvent>,
): void {
  link.changes += 1;
  updateInterfaces(link, nowNs, agenda);
  const found: { pair: Pair; generation: number }[] = [];
  for (const pair of link.pairs) {
    const a = link.ends[pair.a];
    const b = link.ends[pair.b];
    if (!a.up) pair.aSeesB = false;
    if (!b.up) pair.bSeesA = false;
    const heard = a.running && b.running && connects(link, pair.a, pair.b);
    if (heard === pair.heard) continue;
    pair.heard = heard;
    pair.generation += 1;
    const { generation } = pair;
    if (!heard) {
      for (const atA of [true, false]) {
        if (!(atA ? pair.aSeesB : pair.bSeesA)) continue;
        const timeNs = nowNs + silenceNs(link, atA ? b : a, stream);
        agenda.add(timeNs, { type: "neighbour-dead", link, pair, atA, generation });
      }
    } else if (!pair.aSeesB || !pair.bSeesA) {
      // The next Hello tells an end that still believed that it is not believed in. If both still
      // believe, the gap was too short to have happened.
      pair.aSeesB = false;
      pair.bSeesA = false;
      found.push({ pair, generation });
    }
  }
  if (found.length === 0) return;
  const hellos = 1 + stream.uniform(drawId(link, link.ends[0]), DRAW_BRING_UP) / 4;
  const timeNs = nowNs + Math.round(link.helloNs * hellos);
  agenda.add(timeNs, { type: "adjacency-up", link, pairs: found });
}

function updateInterfaces(link: Link, nowNs: number, agenda: Agenda<OspfEvent>): void {
  link.ends.forEach((end, index) => {
    const up = end.running && hasCarrier(link, index);
    if (up === end.up) return;
    end.up = up;
    // An end that falls silent keeps what it declared last: its neighbours go by that until they
    // miss it. One that comes up declares nobody.
    if (up) {
      end.designated = 0;
      end.backup = 0;
    }
    end.waitingUntilNs = up && link.broadcast ? nowNs + link.deadNs : 0;
    if (end.waitingUntilNs > 0) agenda.add(end.waitingUntilNs, { type: "wait-over", link, end });
  });
}

/** How long the neighbours of `silent` will still believe in it, from now on. */
function silenceNs(link: Link, silent: LinkEnd, stream: Stream): number {
  const sinceHelloNs = link.helloNs * stream.uniform(drawId(link, silent), DRAW_LAST_HELLO);
  return link.deadNs - Math.floor(sinceHelloNs);
}

function drawId(link: Link, end: LinkEnd): number {
  return end.index * CHANGES_PER_LINK + link.changes;
}
