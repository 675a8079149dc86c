/**
 * Which requests this process has let past the quick refusal, so that one that is repeated is
 * never told "sold out" while its first try holds a ticket.
 *
 * The counter looks at the id before it looks at the stock. The quick refusal cannot: it has only
 * the counter's last word on the stock, and asking about the id of every refused request would
 * bring each of them to Redis, which is what the latch exists to prevent. Nor does the id tell a
 * repetition from a first try: most ids are the client's own, and nginx gives one to whoever has
 * none. So each server keeps the ids that it let through. They are few, as many as it had quota
 * for, while refusals are many; a lookup costs nothing beside parsing the request.
 *
 * A repetition that meets another server, whose latch is closed, hears SOLDOUT as a new request
 * would. Whoever has lost an answer asks GET /orders/{id}, which every server answers by the id.
 */

interface Remembered {
  readonly buyer: string;
  readonly qty: number;
  /** False while the request waits for its answer. */
  isAnswered: boolean;
}

/** A generation is full at this size; two are kept, some 30 MB. */
const GENERATION_SIZE = 100_000;

export class RememberedRequests {
  readonly #generationSize: number;
  #young = new Map<string, Remembered>();
  #old = new Map<string, Remembered>();

  constructor(generationSize = GENERATION_SIZE) {
    this.#generationSize = generationSize;
  }

  /** What became of this very request so far; null if it is not known, or if it asks otherwise. */
  find(id: string, buyer: string, qty: number): "waiting" | "answered" | null {
    const found = this.#get(id);
    if (found === undefined || found.buyer !== buyer || found.qty !== qty) return null;
    return found.isAnswered ? "answered" : "waiting";
  }

  /**
   * The request is on its way.
   * @param isNew No request had this id before.
   * @returns false if the id belongs to a request that asked otherwise.
   */
  add(id: string, isNew: boolean, buyer: string, qty: number): boolean {
    if (!isNew && this.#get(id) !== undefined) return this.find(id, buyer, qty) !== null;
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(id, { buyer, qty, isAnswered: false });
    return true;
  }

  /** It was answered: it holds a ticket, or may hold one. */
  keep(id: string): void {
    const found = this.#get(id);
    if (found !== undefined) found.isAnswered = true;
  }

  /** It was answered: it holds none, and may be sent again as if new. */
  forget(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  #get(id: string): Remembered | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }
}
