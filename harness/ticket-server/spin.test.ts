import { expect, test } from "vitest";
import { spin } from "./spin.ts";
import { Scene } from "./testing/scene.ts";

const SPIN_MS = 50;
const REQUESTS = 4;
const BUSY = "onceonly_event_loop_busy_seconds_total";

test("it lasts as long as it says", () => {
  const startMs = performance.now();
  spin(SPIN_MS * 1000);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(SPIN_MS);
});

/** Milliseconds for which the server's thread was busy with some purchases. */
async function busyMsOf(scene: Scene, path = "/buy/ticket"): Promise<number> {
  try {
    const before = (await scene.metric(BUSY))!;
    for (let i = 0; i < REQUESTS; i += 1) await scene.ask("POST", path);
    return ((await scene.metric(BUSY))! - before) * 1000;
  } finally {
    await scene.server.drain();
  }
}

test("with it each purchase occupies the server's thread, which the server counts", async () => {
  const scene = await Scene.start(1, { calibrationSpinUs: SPIN_MS * 1000 });
  expect(await busyMsOf(scene)).toBeGreaterThanOrEqual(REQUESTS * SPIN_MS);
});

test("a purchase with a query is not slowed: with such ones the server is warmed up", async () => {
  const scene = await Scene.start(1, { calibrationSpinUs: SPIN_MS * 1000 });
  expect(await busyMsOf(scene, "/buy/ticket?warm-up")).toBeLessThan(REQUESTS * SPIN_MS);
});

test("it is off by default", async () => {
  const scene = await Scene.start(1);
  expect(await busyMsOf(scene)).toBeLessThan(REQUESTS * SPIN_MS);
});
