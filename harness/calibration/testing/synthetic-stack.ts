/** A stack in virtual time: one queue in front of one thread, on a host that is as it is told. */
import { serviceDraw } from "../../../sim/kernel/service-law.ts";
import type { ServiceLaw } from "../../../sim/kernel/service-law.ts";
import { Stream } from "../../../sim/kernel/random.ts";
import type { Sample } from "../measures.ts";
import type { MeasuredStack, RedisCost, Use } from "../measured-stack.ts";

export interface Behaviour {
  readonly serviceUs: number;
  readonly law: ServiceLaw;
  readonly networkMs: number;
  readonly nginxUs: number;
  /** By how much a service takes longer in the n-th series, counted from 0. */
  readonly slowdown: (series: number) => number;
  /** By how much a request is sent too late. */
  readonly lateMs: (request: number) => number;
  /** The n-th ping of all. */
  readonly pingMs: (ping: number) => number;
}

export const PERFECT: Behaviour = {
  serviceUs: 4200,
  law: { quantiles: [4000, 4100, 4150, 4200, 4300, 4400, 5500] },
  networkMs: 0.4,
  nginxUs: 100,
  slowdown: () => 1,
  lateMs: () => 0.05,
  pingMs: () => 0.2,
};

export class SyntheticStack implements MeasuredStack {
  readonly #behaviour: Behaviour;
  readonly #draw: (id: number) => number;
  #busyUs = 0;
  #nginxUs = 0;
  #pings = 0;
  /** The arrivals of each series that was sent. */
  readonly series: (readonly number[])[] = [];

  constructor(behaviour: Partial<Behaviour>) {
    this.#behaviour = { ...PERFECT, ...behaviour };
    const draw = serviceDraw(this.#behaviour.law, new Stream(5, 7));
    this.#draw = (id) => draw?.(id, 0) ?? 1;
  }

  async send(dueMs: readonly number[]): Promise<Sample> {
    const { serviceUs, networkMs, nginxUs, slowdown, lateMs } = this.#behaviour;
    const factor = slowdown(this.series.length);
    this.series.push(dueMs);
    const sentMs = dueMs.map((due, i) => due + lateMs(i));
    let freeMs = 0;
    const endMs = sentMs.map((sent, i) => {
      // Every series of so many requests gets the same services, as on a host without noise.
      const ms = (serviceUs * factor * this.#draw(i)) / 1000;
      freeMs = Math.max(freeMs, sent + networkMs / 2 + nginxUs / 1000) + ms;
      this.#busyUs += ms * 1000;
      this.#nginxUs += nginxUs;
      return freeMs + networkMs / 2;
    });
    return { dueMs, sentMs, endMs };
  }

  async use(): Promise<Use> {
    return { serverBusyUs: this.#busyUs, nginxUs: this.#nginxUs };
  }

  async pings(count: number): Promise<number[]> {
    return Array.from({ length: count }, () => this.#behaviour.pingMs(this.#pings++));
  }

  async redisCost(): Promise<RedisCost> {
    return { callUs: 20, itemUs: 12 };
  }
}
