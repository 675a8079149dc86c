/** Messages under way between servers and the counter, until an operation moves them. */
import type { CounterCall } from "../../core/counter/calls.ts";
import type { ServerInput } from "../../core/strategy.ts";

/** Which call, of which start of which server. */
export interface Caller {
  readonly server: number;
  readonly incarnation: number;
  readonly op: number;
}

export type Message =
  | { readonly to: "counter"; readonly call: CounterCall; readonly from: Caller }
  | { readonly to: "server"; readonly input: ServerInput; readonly from: Caller };

export class Wire {
  readonly #messages: Message[] = [];

  get length(): number {
    return this.#messages.length;
  }

  send(message: Message): void {
    this.#messages.push(message);
  }

  /** The message with this number, modulo how many there are; undefined if there is none. */
  peek(number: number): Message | undefined {
    return pick(this.#messages, number);
  }

  take(number: number): Message | undefined {
    return this.#messages.splice(number % Math.max(1, this.length), 1)[0];
  }
}

export function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % Math.max(1, items.length)];
}
