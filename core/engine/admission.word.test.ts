import { describe, expect, test } from "vitest";
import type { ReserveItem } from "../counter/calls.ts";
import { callCounter, told, tryAgain } from "../testing/effects.ts";
import { buy, EngineScene, replied, START_MS } from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";

const GRANT = { script: "grant", epoch: 7, server: "s1", liveMs: 2000 } as const;

/** The item of a request for one ticket that is admitted when the stock was heard of just now. */
const ITEM: ReserveItem = {
  id: "a",
  qty: 1,
  buyer: "b1",
  ttlMs: 10_000,
  maxPerBuyer: 4,
  requestDeadlineMs: COUNTER_MS + 3000,
};

/** The quota is spent: 5 tickets are taken. */
function spent(scene: EngineScene): EngineScene {
  scene.buy(99, "big", { qty: 5 });
  return scene;
}

describe("the counter has spoken", () => {
  /** Quota 5, 5 taken, and a request that waits for the grant, operation 2. */
  function waitingFor(qty: number): EngineScene {
    const scene = spent(new EngineScene().opened());
    scene.buy(1, "a", { qty });
    return scene;
  }

  test.each<[string, number, { left: number; liveServers: number }, number]>([
    ["quota grows by this server's share, rounded up", 1, { left: 7, liveServers: 2 }, 5 + 4],
    ["at least to what the first in line wants", 3, { left: 90, liveServers: 100 }, 5 + 3],
    ["if that much is left", 3, { left: 2, liveServers: 0 }, 5 + 2],
    ["not at all when nothing is", 1, { left: 0, liveServers: 2 }, 5],
    ["by nothing shared among nobody but what the first wants", 1, { left: 9, liveServers: 0 }, 6],
  ])("%s", (_what, qty, word, quota) => {
    const scene = waitingFor(qty);
    scene.replies(2, { generation: 1, ...word });
    expect(scene.state.quota).toBe(quota);
  });

  test("everyone who waited is decided on, in order, and nobody waits any more", () => {
    const scene = waitingFor(2);
    scene.buy(2, "b", { qty: 9 });
    scene.buy(3, "c");
    scene.buy(4, "d", { qty: 2 });
    const item = { ...ITEM, id: "a", qty: 2 };
    const itemC = { ...ITEM, id: "c" };
    // Of 8 left the share of one in three is 3: "a" takes 2, "c" takes 1, "d" asks for more.
    const { effects, changed } = scene.step(replied(2, { left: 8, liveServers: 3 }));
    expect(effects).toEqual([told(2, "b", "SOLDOUT"), callCounter(3, GRANT)]);
    expect(changed).toEqual({
      quota: 8,
      taken: 8,
      latch: { epoch: 7, generation: 0, left: 8, askedMs: START_MS },
      queue: [
        scene.state.queue[0],
        { script: "reserve", item },
        { script: "reserve", item: itemC },
      ],
      attempts: new Map([
        ["big", scene.state.attempts.get("big")],
        ["a", { item, handles: [1] }],
        ["c", { item: itemC, handles: [3] }],
      ]),
      waiting: [buy(4, "d", { qty: 2 })],
      grantOp: 3,
      nextOp: 4,
      inflight: new Map([[3, { call: GRANT, items: [], sentMs: START_MS }]]),
    });
  });

  test("quota is never taken away, nor granted to whom has enough", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.replies(1, { liveServers: 0 });
    expect([scene.state.quota, scene.state.taken]).toEqual([5, 1]);
  });

  test("without refill quota stays what it is", () => {
    const scene = new EngineScene({ refill: "off" });
    scene.buy(1, "a");
    scene.replies(1, { liveServers: 1 });
    expect([scene.state.quota, scene.state.taken]).toEqual([5, 1]);
  });

  test("when nobody waited, quota stays what it is", () => {
    const scene = new EngineScene();
    scene.give({ type: "start" });
    expect(scene.step(replied(1, { liveServers: 1 }))).toEqual({
      effects: [],
      changed: {
        latch: { epoch: 7, generation: 0, left: 100, askedMs: START_MS },
        counterTimeMs: COUNTER_MS,
        counterHeardMs: START_MS,
        grantOp: 0,
        inflight: new Map(),
      },
    });
  });

  test("a word that was long under way still serves those who waited for it", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.nowMs += 1000;
    expect(scene.replies(1, { left: 0 })).toEqual([told(1, "a", "SOLDOUT")]);
  });

  test("no grant: everyone who waited is told to try again, and the server backs off", () => {
    const scene = waitingFor(1);
    scene.buy(2, "b");
    scene.nowMs += 30;
    expect(scene.step({ type: "counter-failed", op: 2, error: "TIMEOUT" })).toEqual({
      effects: [tryAgain(1, "a", "unreachable"), tryAgain(2, "b", "unreachable")],
      changed: {
        unreachableUntilMs: START_MS + 30 + 100,
        waiting: [],
        grantOp: 0,
        inflight: new Map(),
      },
    });
  });

  test("a reply of any call ends the back-off", () => {
    const scene = new EngineScene().opened();
    scene.reserving("a");
    spent(scene);
    scene.nowMs += 101;
    scene.buy(2, "b", { qty: 5 });
    scene.fails(3, "ECONNREFUSED");
    expect(scene.state.unreachableUntilMs).toBe(START_MS + 201);
    scene.replies(2, { results: [result("OK", HELD)] });
    expect(scene.state.unreachableUntilMs).toBe(Number.NEGATIVE_INFINITY);
  });
});
