import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import { ack, autoClaim, backlog, readGroup } from "../../core/counter/outbox.ts";
import { applyCall, createCounter } from "../../core/counter/twin.ts";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import type { WorkerConfig } from "../../core/orders/worker.ts";
import { WorkerDriver } from "./worker-driver.ts";
import type { WorkerParts } from "./worker-driver.ts";

const CONFIG: WorkerConfig = {
  name: "w",
  epoch: 1,
  graceMs: 0,
  retainMs: 3_600_000,
  batchMax: 5,
  pollMs: 1,
  claimIdleMs: 1,
  sweepMs: 2,
  sweepLimit: 100,
  callTimeoutMs: 1000,
};

/** The counter's twin and the order book's model, with a note of every call on them. */
class Scene {
  readonly counter = createCounter();
  readonly book = createDatabase(1000);
  readonly log: string[] = [];

  constructor() {
    applyCall(this.counter, { script: "init", total: 1000, epoch: 1 }, 0);
    applyCall(this.counter, { script: "open", epoch: 1 }, 0);
  }

  reserve(ids: readonly string[], ttlMs = 60_000): void {
    const item = { qty: 1, buyer: "", ttlMs, maxPerBuyer: 0, requestDeadlineMs: 0 };
    const items = ids.map((id) => ({ id, ...item }));
    const call = { script: "reserve", epoch: 1, server: "s", incarnation: 0, items } as const;
    applyCall(this.counter, call, Date.now());
  }

  /** `around` is given each call's name and what it does, and may let it fail. */
  parts(
    around: <T>(name: string, run: () => T) => Promise<T> = async (_name, run) => run(),
  ): WorkerParts {
    const { counter, book, log } = this;
    const noted = <T>(name: string, run: () => T): Promise<T> => {
      log.push(name);
      return around(name, run);
    };
    return {
      counter: {
        call: (call) => noted(call.script, () => applyCall(counter, call, Date.now())),
        readOutbox: (consumer, count) =>
          noted("read", () => readGroup(counter, consumer, count, Date.now())),
        claimOutbox: (consumer, minIdleMs, count) =>
          noted("claim", () => autoClaim(counter, consumer, minIdleMs, count, Date.now())),
        ackOutbox: (positions) => noted("ack", () => void ack(counter, positions)),
        trimOutbox: () => noted("trim", () => {}),
      },
      orderStore: { call: (call) => noted(call.call, () => applyDatabase(book, call)) },
      trimMs: 5,
      onCommit: () => void log.push("committed"),
    };
  }

  settled(): Promise<void> {
    return expect.poll(() => backlog(this.counter), { timeout: 10_000, interval: 2 }).toBe(0);
  }
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${i}`);

test("moves reservations into the order book, and acknowledges after the commit", async () => {
  const scene = new Scene();
  const driver = new WorkerDriver(CONFIG, scene.parts());
  scene.reserve(ids(12));
  driver.start();
  await scene.settled();
  await driver.stop();
  expect([...scene.book.orders.keys()]).toEqual(ids(12));
  const moves = scene.log.filter((name) => ["record", "committed", "ack"].includes(name));
  const cycle = ["record", "committed", "ack"];
  expect(moves).toEqual([...cycle, ...cycle, ...cycle]);
  expect(scene.log).toContain("claim");
});

test("puts expired holds back on sale, and trims the outbox now and then", async () => {
  const scene = new Scene();
  const driver = new WorkerDriver(CONFIG, scene.parts());
  scene.reserve(["late"], 1);
  driver.start();
  await expect.poll(() => scene.book.orders.get("late")?.state).toBe("X");
  await expect.poll(() => scene.log.filter((name) => name === "trim").length).toBeGreaterThan(1);
  await driver.stop();
});

test("whatever fails, before or after it ran, every order is there in the end", async () => {
  const random = seedrandom("12306");
  const scene = new Scene();
  let failures = 0;
  const flaky = async <T>(_name: string, run: () => T): Promise<T> => {
    const fate = random();
    if (fate < 0.2) {
      failures += 1;
      throw new Error("nothing ran");
    }
    const value = run();
    if (fate > 0.8) {
      failures += 1;
      throw new Error("the reply was lost");
    }
    return value;
  };
  const drivers = ["w1", "w2"].map(
    (name) => new WorkerDriver({ ...CONFIG, name }, scene.parts(flaky)),
  );
  for (const driver of drivers) driver.start();
  for (let i = 0; i < 100; i += 1) scene.reserve([`r${i}`]);
  await scene.settled();
  await Promise.all(drivers.map((driver) => driver.stop()));
  expect([...scene.book.orders.keys()].toSorted()).toEqual(ids(100).toSorted());
  expect(failures).toBeGreaterThan(10);
});

test("stopped, it finishes its cycle and begins no other", async () => {
  const scene = new Scene();
  let commit = (): void => {};
  const slow = <T>(name: string, run: () => T): Promise<T> =>
    name === "record"
      ? new Promise((resolve) => (commit = () => resolve(run())))
      : Promise.resolve(run());
  const driver = new WorkerDriver(CONFIG, scene.parts(slow));
  scene.reserve(ids(10));
  driver.start();
  await expect.poll(() => scene.log).toContain("record");

  let isStopped = false;
  const stopped = driver.stop().then(() => (isStopped = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isStopped).toBe(false);
  commit();
  await stopped;
  expect(scene.book.orders.size).toBe(5);
  expect(backlog(scene.counter)).toBe(5);
  expect(scene.log.at(-1)).toBe("ack");
  const calls = scene.log.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(scene.log).toHaveLength(calls);
});
