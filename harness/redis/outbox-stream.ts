/** The outbox of a sale as a Redis stream: what order workers do with it. */
import type { OutboxEvent } from "../../core/counter/calls.ts";
import { decodeOutboxEntry, OUTBOX_GROUP } from "../../core/counter/encoding.ts";
import { command } from "./connection.ts";
import type { RedisConnection } from "./connection.ts";

/** An entry of a stream: its position, then alternating field names and values. */
export type StreamEntry = readonly [position: string, fields: readonly string[]];

/** For calls whose caller sets no limit of its own. */
const HOUSEKEEPING_TIMEOUT_MS = 5000;
const COUNT_PAGE = 1000;

export class OutboxStream {
  readonly #connection: RedisConnection;
  readonly #key: string | null;

  constructor(connection: RedisConnection, key: string | null) {
    this.#connection = connection;
    this.#key = key;
  }

  async read(consumer: string, count: number, timeoutMs: number): Promise<OutboxEvent[]> {
    const reply = await command(
      this.#connection,
      timeoutMs,
      ...(["xreadgroup", "GROUP", OUTBOX_GROUP, consumer, "COUNT", count] as const),
      ...(["STREAMS", this.#stream, ">"] as const),
    );
    // Null if there is nothing to read.
    const streams = (reply ?? []) as [key: string, entries: StreamEntry[]][];
    return streams.flatMap(([, entries]) => entries.map(eventOf));
  }

  /** XAUTOCLAIM looks at some entries a call: again from its cursor until there are enough. */
  async claim(
    consumer: string,
    minIdleMs: number,
    count: number,
    timeoutMs: number,
  ): Promise<OutboxEvent[]> {
    const events: OutboxEvent[] = [];
    const untilMs = performance.now() + timeoutMs;
    let cursor = "0-0";
    do {
      const reply = await command(
        this.#connection,
        Math.max(1, untilMs - performance.now()),
        ...(["xautoclaim", this.#stream, OUTBOX_GROUP, consumer, minIdleMs, cursor] as const),
        ...(["COUNT", count - events.length] as const),
      );
      const [next, entries] = reply as [string, StreamEntry[]];
      for (const entry of entries) events.push(eventOf(entry));
      cursor = next;
    } while (cursor !== "0-0" && events.length < count);
    return events;
  }

  async ack(positions: readonly string[], timeoutMs: number): Promise<void> {
    if (positions.length === 0) return;
    await command(
      this.#connection,
      timeoutMs,
      ...(["xack", this.#stream, OUTBOX_GROUP, ...positions] as const),
    );
  }

  /**
   * XTRIM MINID of the lowest position that some group still needs: pending, or not yet delivered.
   * Both are read before the trim, and both only ever move up. (XTRIM MAXLEN would drop orders
   * that nobody has written yet.)
   */
  async trim(): Promise<void> {
    const needed: string[] = [];
    for (const group of await this.#groups()) {
      const [, lowest] = (await this.#ask("xpending", this.#stream, group.name)) as [
        number,
        string | null,
      ];
      needed.push(lowest ?? nextPosition(group.lastDelivered));
    }
    const [lowest] = needed.toSorted(comparePositions);
    if (lowest !== undefined) await this.#ask("xtrim", this.#stream, "MINID", lowest);
  }

  async backlog(): Promise<number> {
    const group = (await this.#groups()).find(({ name }) => name === OUTBOX_GROUP);
    if (group === undefined) return 0;
    let undelivered = 0;
    let after = group.lastDelivered;
    for (;;) {
      const page = (await this.#ask(
        ...(["xrange", this.#stream, `(${after}`, "+", "COUNT", COUNT_PAGE] as const),
      )) as StreamEntry[];
      undelivered += page.length;
      if (page.length < COUNT_PAGE) return group.pending + undelivered;
      after = page.at(-1)![0];
    }
  }

  async #groups(): Promise<{ name: string; pending: number; lastDelivered: string }[]> {
    const groups = (await this.#ask("xinfo", "GROUPS", this.#stream)) as (string | number)[][];
    return groups.map((flat) => {
      const field = (name: string): string | number => flat[flat.indexOf(name) + 1];
      return {
        name: String(field("name")),
        pending: Number(field("pending")),
        lastDelivered: String(field("last-delivered-id")),
      };
    });
  }

  #ask(name: string, ...parameters: (string | number)[]): Promise<unknown> {
    return command(this.#connection, HOUSEKEEPING_TIMEOUT_MS, name, ...parameters);
  }

  get #stream(): string {
    if (this.#key === null) throw new Error("this counter has no outbox");
    return this.#key;
  }
}

function eventOf([position, fields]: StreamEntry): OutboxEvent {
  return decodeOutboxEntry(position, fields);
}

/** `ms-seq` as numbers: as text, 9-0 would come after 10-0. */
function comparePositions(a: string, b: string): number {
  const [aMs, aSeq] = a.split("-").map(Number);
  const [bMs, bSeq] = b.split("-").map(Number);
  return aMs - bMs || aSeq - bSeq;
}

function nextPosition(position: string): string {
  const [ms, sequence] = position.split("-");
  return `${ms}-${Number(sequence) + 1}`;
}
