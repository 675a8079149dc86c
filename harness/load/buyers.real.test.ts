import { afterEach, describe, expect, test } from "vitest";
import { judgeHistory } from "../../core/history/judge-history.ts";
import { found } from "../../core/testing/found.ts";
import { Scene } from "./testing/scene.ts";
import type { Seen } from "./testing/service.ts";

/** Nobody listens there. */
const DEAD = "http://127.0.0.1:1";

let scene: Scene;
afterEach(() => scene.close());

const buys = ({ path }: Seen): boolean => path === "/buy/ticket";

test("a sale without faults: sold out, paid, nothing unknown, no invariant broken", async () => {
  scene = await new Scene().open();
  const judged = judgeHistory(await scene.play(true));
  expect(found(judged.findings)).toEqual([]);
  expect(scene.buyers.outcomes).toEqual({ acked: 10, refused: 10, tryAgain: 0, unknown: 0 });
  expect(judged).toMatchObject({ acked: 10, confirmed: 10, held: 0, free: 0, paymentsPending: 0 });
  expect(scene.buyers).toMatchObject({ arrived: 20, active: 0, garbled: 0 });
  expect(scene.service.seen.filter(buys)[0].body).toEqual({ id: "b0.0", buyer: "b0", qty: 1 });
});

test("who never pays, cancels or pays late leaves the ticket to who returns", async () => {
  const returning = { share: 1, afterMs: { least: 60, most: 120 }, patienceMs: 1500 };
  scene = await new Scene(
    { tickets: 5, holdMs: 150, graceMs: 20 },
    { noShow: 0.3, cancel: 0.2, payLate: 0.3, payTwice: 0.3, cancelPaid: 0.5, returning },
  ).open();
  const judged = judgeHistory(await scene.play());
  expect(found(judged.findings)).toEqual([]);
  expect(judged.acked).toBeGreaterThan(5);
  const kinds = new Set(judged.stock.length > 0 ? scene.calls().map(({ kind }) => kind) : []);
  expect([...kinds].toSorted()).toEqual(["buy", "cancel", "pay"]);
});

test("answers that are lost: asked for, pressed again, and never taken for a refusal", async () => {
  scene = await new Scene({ tickets: 15 }, { count: 60, ratePerSecond: 300, timeoutMs: 60 }).open();
  scene.faults.buyerRepliesLost = 0.4;
  const judged = judgeHistory(await scene.play());
  const calls = scene.calls();
  expect(found(judged.findings)).toEqual([]);
  expect(calls.some(({ kind, caller }) => kind === "query" && caller === "buyer")).toBe(true);
  const lost = calls.filter(({ outcome }) => outcome === "NONE");
  expect(lost.length).toBeGreaterThan(10);
  // Whoever lost his answer waited for it to the end of his patience.
  for (const { startMs, leftMs, endMs } of lost) {
    expect(endMs).toBe(null);
    expect(leftMs - startMs).toBeGreaterThan(59);
  }
  // The requests themselves got through, but for some on a machine that is busy elsewhere.
  const reached = new Set(scene.service.seen.filter(buys).map(({ body }) => body["id"]));
  const lostBuys = lost.filter(({ kind }) => kind === "buy");
  expect(lostBuys.filter(({ id }) => reached.has(id)).length).toBeGreaterThan(
    lostBuys.length * 0.8,
  );
});

test("double clicks share an id; a bot comes again under one name", async () => {
  scene = await new Scene(
    { maxPerBuyer: 1, tickets: 30 },
    {
      count: 6,
      doubleClick: 1,
      changeQuantity: 1,
      bots: { share: 0.5, requests: 3, everyMs: 20 },
      quantities: [0, 1],
    },
  ).open();
  const judged = judgeHistory(await scene.play());
  expect(found(judged.findings)).toEqual([]);
  const by = (caller: string) => scene.calls().filter((call) => call.caller === caller);
  const echoes = by("echo");
  expect(echoes.length).toBeGreaterThan(0);
  for (const echo of echoes) {
    expect(echo.qty).toBe(3);
    expect(by("buyer").some(({ id }) => id === echo.id)).toBe(true);
  }
  const bots = by("bot");
  expect(bots.length % 3).toBe(0);
  expect(bots.map(({ id }) => id.split(".")[1])).toContain("2");
});

test("buyers come when they are due, however slow the service is", async () => {
  scene = await new Scene({}, { count: 40, ratePerSecond: 400, timeoutMs: 150, retries: 0 }).open();
  scene.service.mishap = () => ({ does: "hang-before" });
  const startMs = scene.clock.nowMs();
  await scene.buyers.run();
  const starts = scene.calls().map((call) => call.startMs);
  expect(starts).toHaveLength(40);
  expect(Math.max(...starts) - startMs).toBeLessThan(1000);
  expect(scene.buyers.outcomes.unknown).toBe(40);
  expect(scene.buyers.unknownIds).toHaveLength(40);
});

test("with one seed the same buyers come", async () => {
  const ask = async (seed: bigint): Promise<string[]> => {
    scene = await new Scene({}, { quantities: [1, 1, 1], payTwice: 0.5 }).open({ seed });
    await scene.buyers.run();
    const asked = scene.calls().filter(({ kind }) => kind === "buy");
    await scene.close();
    return asked.toSorted((a, b) => a.id.localeCompare(b.id)).map(({ id, qty }) => `${id}:${qty}`);
  };
  const first = await ask(5n);
  expect(await ask(5n)).toEqual(first);
  expect(await ask(6n)).not.toEqual(first);
  scene = await new Scene().open();
});

describe("what comes back", () => {
  const outcomesOf = async (mishap: Scene["service"]["mishap"]): Promise<string[]> => {
    scene = await new Scene({}, { count: 1, retries: 0, timeoutMs: 200 }).open();
    scene.service.mishap = mishap;
    await scene.buyers.run();
    return scene.calls().map(({ outcome }) => outcome);
  };

  test("no answer in time, before or after it took effect", async () => {
    expect(await outcomesOf(() => ({ does: "hang-before" }))).toEqual(["NONE"]);
    await scene.close();
    expect(await outcomesOf(() => ({ does: "hang-after" }))).toEqual(["NONE"]);
    expect(scene.service.audit.sold).toBe(1);
    scene.service.mishap = () => null;
    expect(await scene.buyers.resolveUnknown([scene.url])).toBe(0);
    expect(scene.buyers.unknownIds).toEqual([]);
  });

  test("a broken connection, and a proxy's error page", async () => {
    expect(await outcomesOf(() => ({ does: "reset" }))).toEqual(["NONE"]);
    await scene.close();
    expect(await outcomesOf(() => ({ does: "bad-gateway" }))).toEqual(["NONE"]);
    expect(scene.buyers.garbled).toBe(0);
  });

  test("an answer that is none is told apart", async () => {
    const other = { id: "b9.9", result: "ACK", claim: "hold", deadlineMs: 0, paid: false };
    expect(await outcomesOf(() => ({ does: "answer", status: 200, body: other }))).toEqual([
      "NONE",
    ]);
    expect(scene.buyers.garbled).toBe(1);
  });

  test("TRYAGAIN takes a new id, with its reason on record", async () => {
    scene = await new Scene({}, { count: 1, retries: 2 }).open();
    scene.service.mishap = ({ path, body }) =>
      path === "/buy/ticket" && body["id"] !== "b0.2"
        ? {
            does: "answer",
            status: 503,
            body: { id: body["id"], result: "TRYAGAIN", reason: "quota" },
          }
        : null;
    await scene.buyers.run();
    const asked = scene.calls().filter(({ kind }) => kind === "buy");
    expect(asked.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
      ["b0.0", "TRYAGAIN", "quota"],
      ["b0.1", "TRYAGAIN", "quota"],
      ["b0.2", "ACK", null],
    ]);
  });

  test("nobody at the door: nothing was sent, nothing is unknown", async () => {
    scene = await new Scene({}, { count: 1, retries: 3 }).open({ fronts: [DEAD] });
    await scene.buyers.run();
    expect(scene.calls().map(({ outcome }) => outcome)).toEqual(Array(4).fill("UNSENT"));
    expect(scene.buyers.outcomes).toMatchObject({ tryAgain: 1, unknown: 0 });
  });
});

test("a buyer whose proxy is gone tries the next one", async () => {
  scene = new Scene({ tickets: 20 });
  const url = await scene.service.start();
  await scene.open({ fronts: [DEAD, url] });
  await scene.buyers.run();
  expect(scene.calls().some(({ outcome }) => outcome === "UNSENT")).toBe(true);
  expect(scene.buyers.outcomes).toMatchObject({ acked: 20 });
});

test("buyers of many addresses come from many addresses", async () => {
  scene = await new Scene().open({ sourceAddresses: 50 });
  await scene.buyers.run();
  const addresses = new Set(scene.service.seen.map(({ from }) => from));
  expect(addresses.size).toBeGreaterThan(10);
});

test("an outcome that no answer tells is asked for eight times and no more", async () => {
  scene = await new Scene({}, { count: 1, retries: 0, timeoutMs: 200 }).open();
  scene.service.mishap = ({ path }) => {
    if (path === "/buy/ticket") return { does: "reset" };
    return { does: "answer", status: 202, body: { id: "b0.0", result: "UNKNOWN" } };
  };
  await scene.buyers.run();
  expect(await scene.buyers.resolveUnknown([])).toBe(1);
  expect(await scene.buyers.resolveUnknown([scene.url])).toBe(0);
  expect(await scene.buyers.resolveUnknown([scene.url])).toBe(0);
  expect(scene.calls().filter(({ caller }) => caller === "resolver")).toHaveLength(8);
  expect(scene.buyers.unknownIds).toEqual(["b0.0"]);
});

describe("a probe", () => {
  const probe = async (result: object): Promise<void> => {
    scene = await new Scene().open();
    scene.service.mishap = ({ body }) =>
      body["id"] === undefined
        ? null
        : { does: "answer", status: 200, body: { id: body["id"], ...result } };
    await scene.buyers.probe([scene.url]);
  };

  test("buys what is left and gives it back", async () => {
    scene = await new Scene().open();
    await scene.buyers.probe([scene.url]);
    expect(scene.buyers.probeSold).toBe(1);
    expect(scene.service.audit.sold).toBe(0);
    expect(scene.calls().map(({ outcome }) => outcome)).toEqual(["ACK", "CANCELLED"]);
  });

  test("whose answer is lost gives back what it may have bought", async () => {
    scene = await new Scene().open();
    let lost = 0;
    scene.service.mishap = ({ path }) =>
      path === "/buy/ticket" && (lost += 1) === 1 ? { does: "hang-after" } : null;
    await scene.buyers.probe([scene.url]);
    expect(scene.calls().map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      "buy NONE",
      "cancel CANCELLED",
      "buy ACK",
      "cancel CANCELLED",
    ]);
    expect(scene.buyers.unknownIds).toEqual([]);
    expect(scene.service.audit.sold).toBe(0);
  });

  test.each([{ result: "SOLDOUT" }, { result: "TRYAGAIN", reason: "quota" }])(
    "may be refused: %o",
    async (result) => {
      await probe(result);
      expect(scene.buyers).toMatchObject({ probeSold: 0, probesFailed: [] });
      expect(scene.calls()).toHaveLength(1);
    },
  );

  test("that is put off again and again has failed", async () => {
    await probe({ result: "TRYAGAIN", reason: "overload" });
    expect(scene.buyers.probesFailed).toEqual([`${scene.url} answered a probe with TRYAGAIN`]);
    expect(scene.calls()).toHaveLength(4);
  });
});

test("the provider delivers until it has an answer, and again when told to", async () => {
  scene = await new Scene({}, { count: 1 }).open();
  let refused = 0;
  scene.service.mishap = ({ path }) => {
    if (!path.endsWith("/pay") || refused >= 2) return null;
    refused += 1;
    return { does: refused === 1 ? "reset" : "bad-gateway" };
  };
  scene.faults.paymentDelayMs = 100;
  const history = await scene.play();
  const [{ atMs }] = history.charges;
  const paid = history.calls.filter(({ kind }) => kind === "pay");
  expect(paid.map(({ outcome }) => outcome)).toEqual(["NONE", "NONE", "PAID"]);
  expect(paid[0].startMs - atMs).toBeGreaterThan(99);
  expect(scene.buyers.payments.pending).toBe(0);
});

test("stop ends everything at once", async () => {
  scene = await new Scene({}, { count: 1000, ratePerSecond: 100, timeoutMs: 60_000 }).open();
  scene.service.mishap = () => ({ does: "hang-before" });
  const run = scene.buyers.run();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(scene.buyers.active).toBeGreaterThan(0);
  const startMs = performance.now();
  scene.buyers.stop();
  await run;
  expect(performance.now() - startMs).toBeLessThan(500);
  expect(scene.buyers.active).toBe(0);
});
