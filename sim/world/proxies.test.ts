import { describe, expect, test } from "vitest";
import { Judge } from "../../core/invariants/judge.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { NO_FAULTS } from "../faults/vocabulary.ts";
import { Trace } from "../kernel/trace.ts";
import { TryOutcome } from "../network/nginx/outcome.ts";
import type { WorkerProcess } from "../network/nginx/workers.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Machines } from "./machines.ts";
import type { Proxies } from "./proxies.ts";
import { BUY, ERROR, OWNER_BUYER, SOLDOUT } from "./requests.ts";
import type { Requests } from "./requests.ts";
import { buildTopology } from "./topology.ts";
import { World } from "./world.ts";

const base = loadScenario("smoke", 1n);

/** One nginx in front of three servers, which answer when the test says so. */
class Scene {
  readonly proxies: Proxies;
  readonly #requests: Requests;
  readonly answers = new Map<number, number>();
  #ports = 0;

  constructor(nginx: Partial<Scenario["nginx"]> = {}) {
    const scenario: Scenario = {
      ...base,
      sites: ["east"],
      servers: { ...base.servers, count: 3 },
      nginx: { ...base.nginx, perSite: 1, ...nginx },
    };
    const judge = new Judge({
      tickets: 1,
      graceMs: 0,
      refillBoundMs: 0,
      replyBoundMs: 0,
      authority: "counter",
    });
    const world = new World({
      seed: 1n,
      scenario,
      topology: buildTopology(scenario),
      strategy: preDeduct,
      plan: NO_FAULTS,
      judge,
      trace: new Trace(null),
    });
    const { proxies, servers, requests } = new Machines(world);
    this.proxies = proxies;
    this.#requests = requests;
    servers.accept = () => TryOutcome.OK;
    proxies.outside = {
      answered: (request) => this.answers.set(request, requests.answer[request]),
      lost: () => expect.unreachable("nothing is lost on the way"),
    };
  }

  /** A buyer's request arrives at nginx and is sent on. */
  buy(): number {
    const request = this.#requests.take();
    this.#requests.kind[request] = BUY;
    this.#requests.owner[request] = OWNER_BUYER;
    this.#requests.address[request] = 1;
    this.#requests.port[request] = this.#ports += 1;
    this.#requests.proxy[request] = 0;
    this.proxies.arrive(request);
    return request;
  }

  serverOf(request: number): number {
    return this.#requests.server[request];
  }

  workerOf(request: number): WorkerProcess | null {
    return this.#requests.proxyWorker[request];
  }

  /** The servers that the next requests go to, which stay open. */
  picks(count: number): number[] {
    return Array.from({ length: count }, () => this.serverOf(this.buy()));
  }

  /** The server of that request answers. */
  reply(request: number): void {
    this.#requests.answer[request] = SOLDOUT;
    this.proxies.reply(request);
  }

  /** The server of that request breaks the connection: what was sent is not sent again. */
  reset(request: number): void {
    this.proxies.resetLater(request, 0);
    this.proxies.tryFailed(request, this.#requests.tryNumber[request]);
  }
}

describe("a reload", () => {
  test("loses no request that is in flight", () => {
    const scene = new Scene({ workers: 2 });
    const requests = Array.from({ length: 20 }, () => scene.buy());
    scene.proxies.reloads(0);
    for (const request of requests) scene.reply(request);
    expect([...scene.answers.values()]).toEqual(requests.map(() => SOLDOUT));
  });

  test.each([false, true])("forgets failures and the place in the round; zone: %s", (zone) => {
    const scene = new Scene({ zone });
    scene.reset(scene.buy());
    expect(scene.picks(3)).not.toContain(0);
    scene.proxies.reloads(0);
    expect(scene.picks(4)).toEqual([0, 1, 2, 0]);
  });

  test("leaves what was picked before it to those who picked it", () => {
    const scene = new Scene({ method: "least_conn" });
    const [first, second] = [scene.buy(), scene.buy()];
    expect([first, second].map((request) => scene.serverOf(request))).toEqual([0, 1]);
    scene.proxies.reloads(0);
    expect(scene.picks(1)).toEqual([0]);
    // A connection less and a failure, of which the new workers know nothing.
    scene.reply(first);
    scene.reset(second);
    expect(scene.picks(2)).toEqual([1, 2]);
  });

  test("does not start an nginx that is down, nor does it save what a crash takes later", () => {
    const scene = new Scene();
    const request = scene.buy();
    scene.proxies.reloads(0);
    scene.proxies.dies(0);
    scene.proxies.reloads(0);
    scene.proxies.workerDies(0);
    expect(scene.proxies.isUp(0)).toBe(false);
    scene.reply(request);
    expect(scene.answers.get(request)).toBe(ERROR);
  });
});

describe("the death of a worker process", () => {
  test("loses its requests and no others", () => {
    const scene = new Scene({ workers: 2 });
    const before = Array.from({ length: 20 }, () => scene.buy());
    const workers = before.map((request) => scene.workerOf(request));
    scene.proxies.workerDies(0);
    const after = Array.from({ length: 20 }, () => scene.buy());
    for (const request of [...before, ...after]) scene.reply(request);
    const dead = workers.find((worker) => worker?.isAlive === false);
    expect(new Set(workers).size).toBe(2);
    expect(before.map((request) => scene.answers.get(request))).toEqual(
      workers.map((worker) => (worker === dead ? ERROR : SOLDOUT)),
    );
    expect(after.map((request) => scene.answers.get(request))).toEqual(after.map(() => SOLDOUT));
  });

  test("spares those of an older configuration that still finish", () => {
    const scene = new Scene();
    const old = scene.buy();
    scene.proxies.reloads(0);
    scene.proxies.workerDies(0);
    scene.reply(old);
    expect(scene.answers.get(old)).toBe(SOLDOUT);
  });

  test("the next one has forgotten what only it knew", () => {
    const scene = new Scene();
    scene.reset(scene.buy());
    scene.proxies.workerDies(0);
    expect(scene.picks(3)).toEqual([0, 1, 2]);
  });

  test("the next one finds what a zone keeps", () => {
    const scene = new Scene({ zone: true });
    scene.reset(scene.buy());
    scene.proxies.workerDies(0);
    expect(scene.picks(3)).not.toContain(0);
  });

  test("they die in turn, the oldest first", () => {
    const scene = new Scene({ workers: 2 });
    const before = new Set(Array.from({ length: 20 }, () => scene.workerOf(scene.buy())));
    scene.proxies.workerDies(0);
    scene.proxies.workerDies(0);
    expect([...before].map((worker) => worker?.isAlive)).toEqual([false, false]);
  });
});
