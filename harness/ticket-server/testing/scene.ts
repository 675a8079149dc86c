/** A ticket server in this process, on the counter's twin, listening on a free port. */
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import type { ServerConfig, ServerRules } from "../../../core/strategy.ts";
import { startTicketServer } from "../server.ts";
import type { RunningTicketServer } from "../server.ts";
import type { StatLog } from "../stat-log.ts";
import { FakeCounter } from "./fake-counter.ts";
import { ask } from "./http.ts";
import type { Ask, HttpReply } from "./http.ts";

export function serverConfig(tickets: number, rules: Partial<ServerRules> = {}): ServerConfig {
  return {
    name: "s1",
    incarnation: 0,
    slice: tickets,
    buffer: 0,
    epoch: 1,
    sale: {
      saleId: "sale",
      tickets,
      holdMs: 60_000,
      graceMs: 1000,
      maxPerBuyer: 2,
      latePayment: "revive",
      retainMs: 3_600_000,
    },
    rules: {
      refill: "on-demand",
      // Longer than any test: a latch that is closed stays closed.
      pollMs: 60_000,
      callTimeoutMs: 60_000,
      requestLifetimeMs: 60_000,
      settleMs: 60_000,
      batchMax: 100,
      inflightMax: 2,
      waitingMax: 1000,
      liveMs: 60_000,
      ...rules,
    },
  };
}

export class Scene {
  readonly counter: FakeCounter;
  readonly server: RunningTicketServer;
  readonly url: string;

  private constructor(counter: FakeCounter, server: RunningTicketServer) {
    this.counter = counter;
    this.server = server;
    this.url = `http://127.0.0.1:${server.port}`;
  }

  static async start(
    tickets: number,
    {
      rules,
      statLog = null,
      calibrationSpinUs = 0,
    }: {
      rules?: Partial<ServerRules>;
      statLog?: StatLog | null;
      calibrationSpinUs?: number;
    } = {},
  ): Promise<Scene> {
    const counter = new FakeCounter(tickets);
    const server = await startTicketServer({
      host: "127.0.0.1",
      port: 0,
      config: serverConfig(tickets, rules),
      strategy: preDeduct,
      counter,
      database: null,
      statLog,
      calibrationSpinUs,
    });
    const scene = new Scene(counter, server);
    await until(
      "its first question is answered",
      async () => (await scene.metric("onceonly_in_flight_calls")) === 0,
    );
    return scene;
  }

  ask(method: string, path: string, more?: Ask): Promise<HttpReply> {
    return ask(this.url, method, path, more);
  }

  /** POST /buy/ticket with this body. */
  buy(body: Readonly<Record<string, unknown>> | string = ""): Promise<HttpReply> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.ask("POST", "/buy/ticket", { body: text });
  }

  /** A sample of /metrics by its name and labels, as it stands there. */
  async metric(sample: string): Promise<number | null> {
    const { text } = await this.ask("GET", "/metrics");
    const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
    return line === undefined ? null : Number(line.slice(sample.length + 1));
  }
}

/** Waits until something holds; throws if it does not within five seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 5000;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
