/** Runs a script on a real nginx and writes down what it did, in the format of the recordings. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Recording } from "./adapter.ts";
import { HOLD_PATH, LiveServer } from "./live-nginx-server.ts";
import { LiveNginx, type LiveResponse } from "./live-nginx-process.ts";
import type { LiveScript, LiveStep } from "./live-nginx-script.ts";

/** Real time; nginx's wall clock stands still meanwhile. */
const HANG_TIMEOUT_MS = 500;
const HOLD_TIMEOUT_MS = 60_000;

/** See `#settle`. */
const SETTLE_MS = 2;

const FIRST_PORT = 9001;

type Event = Record<string, unknown>;

interface OpenRequest {
  readonly id: number;
  readonly release: () => void;
  readonly response: Promise<LiveResponse>;
  readonly event: Event;
}

/** @throws MissingProgram if nginx or libfaketime is missing and cannot be installed */
export async function recordLive(script: LiveScript): Promise<Recording> {
  const recorder = new Recorder(script);
  try {
    return await recorder.record();
  } finally {
    await recorder.close();
  }
}

class Recorder {
  readonly #script: LiveScript;
  readonly #servers: readonly LiveServer[];
  readonly #arrivals = new Map<number, (release: () => void) => void>();
  readonly #open: OpenRequest[] = [];
  readonly #events: Event[] = [];
  readonly #workers: number[] = [];
  #nginx: LiveNginx | undefined;
  #nowSeconds = 0;

  constructor(script: LiveScript) {
    this.#script = script;
    const host = ownLoopbackAddress();
    this.#servers = script.servers.map(
      (_, index) =>
        new LiveServer(host, FIRST_PORT + index, (id, release) =>
          this.#arrivals.get(id)?.(release),
        ),
    );
  }

  async record(): Promise<Recording> {
    const script = this.#script;
    const hangs = script.steps.some((step) => step.op === "set" && step.mode === "hang");
    for (const server of this.#servers) await server.setMode("up");
    const nginx = await LiveNginx.start({
      workerProcesses: script.workerProcesses,
      upstream: upstreamLines(script, this.#servers),
      location: [
        `proxy_next_upstream ${script.nextUpstream.join(" ")}`,
        `proxy_next_upstream_tries ${script.nextUpstreamTries}`,
        `proxy_read_timeout ${hangs ? HANG_TIMEOUT_MS : HOLD_TIMEOUT_MS}ms`,
      ],
    });
    this.#nginx = nginx;
    for (const step of script.steps) await this.#play(step, nginx);
    while (this.#open.length > 0) await this.#closeNth(0);
    return {
      file: "live",
      name: "live",
      meta: { software: "nginx, live" },
      scenario: this.#scenario(),
    };
  }

  async close(): Promise<void> {
    await this.#nginx?.stop();
    await Promise.all(this.#servers.map((server) => server.close()));
    await Promise.allSettled(this.#open.map((open) => open.response));
  }

  #play(step: LiveStep, nginx: LiveNginx): Promise<void> | void {
    switch (step.op) {
      case "request":
        return this.#request(step, nginx);
      case "open":
        return this.#openOne(step, nginx);
      case "close":
        return this.#open.length > 0 ? this.#closeNth(step.nth % this.#open.length) : undefined;
      case "set":
        return this.#setMode(this.#servers[step.server % this.#servers.length], step.mode);
      case "wait":
        this.#nowSeconds += step.seconds;
        nginx.setClock(this.#nowSeconds);
    }
  }

  async #setMode(server: LiveServer, mode: string): Promise<void> {
    await server.setMode(mode);
    this.#events.push({ op: "set", addr: server.address, mode });
  }

  async #request(step: LiveStep & { op: "request" }, nginx: LiveNginx): Promise<void> {
    const { method, key, ip } = step;
    const event: Event = { op: "req", t: this.#nowSeconds, method, key, ip };
    this.#events.push(event);
    const response = await nginx.request({ path: `/?k=${key}`, method, ip });
    await this.#settle();
    this.#note(event, response);
    // A server hangs once, so that a script takes bounded time.
    for (const [index, status] of response.upstreamStatus.entries()) {
      const server = this.#servers.find(({ address }) => address === response.tries[index]);
      if (status === "504" && server?.mode === "hang") await this.#setMode(server, "up");
    }
  }

  /** Goes on when a server has the request, or when nginx has answered without one. */
  async #openOne(step: LiveStep & { op: "open" }, nginx: LiveNginx): Promise<void> {
    const { key, ip } = step;
    const id = this.#events.length;
    const event: Event = { op: "open", t: this.#nowSeconds, id, key, ip };
    this.#events.push(event);
    const arrived = new Promise<() => void>((resolve) => this.#arrivals.set(id, resolve));
    const response = nginx.request({ path: `${HOLD_PATH}${id}?k=${key}`, method: "GET", ip });
    const first = await Promise.race([arrived, response]);
    this.#arrivals.delete(id);
    if (typeof first === "function") this.#open.push({ id, release: first, response, event });
    else this.#note(event, first);
    await this.#settle();
  }

  async #closeNth(nth: number): Promise<void> {
    const [open] = this.#open.splice(nth, 1);
    open.release();
    this.#note(open.event, await open.response);
    await this.#settle();
    this.#events.push({ op: "close", t: this.#nowSeconds, id: open.id });
  }

  /**
   * nginx sends the response before it gives its server back. One worker does both before it looks
   * at the next request; another, sharing a zone, might look in between.
   */
  async #settle(): Promise<void> {
    if (this.#script.zone && this.#script.workerProcesses > 1) await sleep(SETTLE_MS);
  }

  #note(event: Event, response: LiveResponse): void {
    const { tries, upstreamStatus, status } = response;
    if (!this.#workers.includes(response.worker)) this.#workers.push(response.worker);
    const worker = this.#workers.indexOf(response.worker);
    Object.assign(event, { tries, upstream_status: upstreamStatus, status, worker });
  }

  #scenario(): Recording["scenario"] {
    const script = this.#script;
    return {
      zone: script.zone,
      worker_processes: script.workerProcesses,
      upstream: {
        method: script.method,
        servers: script.servers.map((server, index) => ({
          addr: this.#servers[index].address,
          ...server,
        })),
        key: "$arg_k",
        proxy_next_upstream: script.nextUpstream.join(" "),
        proxy_next_upstream_tries: script.nextUpstreamTries,
        // By nginx's own clock, which stands still, a timeout takes no time.
        proxy_read_timeout: 0,
      },
      events: this.#events,
    };
  }
}

function upstreamLines(script: LiveScript, servers: readonly LiveServer[]): string[] {
  const methodLine = {
    round_robin: [],
    ip_hash: ["ip_hash"],
    hash: ["hash $arg_k"],
    "hash consistent": ["hash $arg_k consistent"],
    least_conn: ["least_conn"],
    random: ["random"],
    "random two": ["random two least_conn"],
  }[script.method];
  return [
    ...(script.zone ? ["zone live 256k"] : []),
    ...methodLine,
    ...script.servers.map((server, index) =>
      [
        `server ${servers[index].address} weight=${server.weight} max_fails=${server.max_fails}`,
        `fail_timeout=${server.fail_timeout} max_conns=${server.max_conns}`,
        ...(server.backup === true ? ["backup"] : []),
        ...(server.down === true ? ["down"] : []),
      ].join(" "),
    ),
  ];
}

/** A loopback address of this process, so that runs side by side do not meet on a port. */
function ownLoopbackAddress(): string {
  const id = process.pid;
  return `127.${64 + ((id >>> 16) & 63)}.${(id >>> 8) & 255}.${id & 255}`;
}
