import { afterEach, describe, expect, test } from "vitest";
import { RawConnection } from "./testing/http.ts";
import { Scene, until } from "./testing/scene.ts";

let scene: Scene;
afterEach(() => scene.server.drain());

describe("a ticket", () => {
  test("is bought, paid, and cannot be cancelled then", async () => {
    scene = await Scene.start(10);
    const bought = await scene.buy({ sale: "sale", id: "a", buyer: "b", qty: 2 });
    expect(bought.status).toBe(200);
    expect(bought.body).toEqual({
      code: 1,
      msg: "抢票成功",
      result: "ACK",
      id: "a",
      claim: "hold",
      deadlineMs: expect.any(Number) as number,
      paid: false,
    });
    const paid = await scene.ask("POST", "/orders/a/pay", { body: '{"paymentId":"p1"}' });
    expect([paid.status, paid.body]).toMatchObject([200, { code: 1, result: "PAID", id: "a" }]);
    const other = await scene.ask("POST", "/orders/a/pay", { body: '{"paymentId":"p2"}' });
    expect([other.status, other.body]).toMatchObject([200, { code: -1, result: "REFUND" }]);
    const cancelled = await scene.ask("POST", "/orders/a/cancel");
    expect([cancelled.status, cancelled.body]).toMatchObject([200, { result: "CONFIRMED" }]);
    const asked = await scene.ask("GET", "/orders/a");
    expect([asked.status, asked.body]).toMatchObject([200, { result: "ACK", paid: true }]);
    expect(scene.counter.sold).toBe(2);
  });

  test("is given back", async () => {
    scene = await Scene.start(1);
    await scene.buy({ id: "a" });
    const cancelled = await scene.ask("POST", "/orders/a/cancel", { body: "{}" });
    expect(cancelled.body).toEqual({ code: 1, msg: "已取消", result: "CANCELLED", id: "a" });
    expect(scene.counter.sold).toBe(0);
  });

  test("has by default one payment, of its own name", async () => {
    scene = await Scene.start(1);
    await scene.buy({ id: "a" });
    await scene.ask("POST", "/orders/a/pay");
    const again = await scene.ask("POST", "/orders/a/pay", { body: '{"paymentId":"pay-a"}' });
    expect(again.body).toMatchObject({ result: "PAID" });
  });

  test.each(["GET", "POST"])("is one, for nobody by name, with %s and no body", async (method) => {
    scene = await Scene.start(10);
    const { status, body, headers } = await scene.ask(method, "/buy/ticket");
    expect([status, body]).toMatchObject([200, { code: 1, result: "ACK" }]);
    expect(body!["id"]).toMatch(/^[0-9a-f]{32}$/u);
    expect(headers["x-request-id"]).toBeUndefined();
    expect(scene.counter.calls.at(-1)).toMatchObject({ items: [{ buyer: "", qty: 1 }] });
  });

  test("takes the id from X-Request-Id, which is repeated in the answer", async () => {
    scene = await Scene.start(10);
    const headers = { "x-request-id": "mine-1" };
    const first = await scene.ask("GET", "/buy/ticket", { headers });
    expect(first.body).toMatchObject({ result: "ACK", id: "mine-1" });
    expect(first.headers["x-request-id"]).toBe("mine-1");
    await scene.ask("GET", "/buy/ticket?from=ab", { headers });
    expect(scene.counter.sold).toBe(1);
  });

  test.each([
    ["?sale=sale", ""],
    ["?s%61le=s%61le&from=ab", ""],
    ["?from=ab&from=ab&%zz=%zz&=sale&sales=other", ""],
    ["?", ""],
    ["?sale=sale", '{"sale":"sale"}'],
  ])("is bought with %s %s", async (query, body) => {
    scene = await Scene.start(10);
    const bought = await scene.ask("POST", `/buy/ticket${query}`, { body });
    expect([bought.status, bought.body]).toMatchObject([200, { result: "ACK" }]);
    expect(scene.counter.sold).toBe(1);
  });

  test("is bought by a target in absolute form, as by its path", async () => {
    scene = await Scene.start(10);
    const base = "HTTP://any.host:80";
    const bought = await scene.ask("GET", `${base}/buy/ticket?sale=sale`);
    expect([bought.status, bought.body]).toMatchObject([200, { result: "ACK" }]);
    const asked = await scene.ask("GET", `${base}/orders/${String(bought.body!["id"])}`);
    expect([asked.status, asked.body]).toMatchObject([200, { result: "ACK" }]);
    expect((await scene.ask("GET", "https://[::1]/healthz")).status).toBe(200);
    expect(scene.counter.sold).toBe(1);
  });

  test("takes the body's id before the header's, which nginx gives to everybody", async () => {
    scene = await Scene.start(10);
    const headers = { "X-Request-Id": "b2e6" };
    const { body } = await scene.ask("POST", "/buy/ticket", { body: '{"id":"mine"}', headers });
    expect(body).toMatchObject({ id: "mine" });
  });
});

test("a connection stays open for longer than nginx keeps one idle", async () => {
  scene = await Scene.start(1);
  const raw = await RawConnection.open(scene.server.port);
  raw.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await until("it is answered", () => raw.statuses.length === 1);
  expect(raw.text).toContain("Keep-Alive: timeout=75\r\n");
  raw.socket.destroy();
});

describe("no ticket", () => {
  test("when nothing is left: without a call on the counter", async () => {
    scene = await Scene.start(1);
    await scene.buy({ id: "a" });
    const calls = scene.counter.calls.length;
    const { status, body } = await scene.buy({ id: "b" });
    expect([status, body]).toEqual([200, { code: -1, msg: "已售罄", result: "SOLDOUT", id: "b" }]);
    expect(scene.counter.calls).toHaveLength(calls);
  });

  test("beyond the buyer's limit", async () => {
    scene = await Scene.start(10);
    await scene.buy({ id: "a", buyer: "b", qty: 2 });
    const { status, body } = await scene.buy({ id: "b", buyer: "b" });
    expect([status, body]).toMatchObject([200, { code: -1, result: "USERLIMIT" }]);
  });

  test("while the counter does not answer: try again, later", async () => {
    scene = await Scene.start(10);
    // Its first question, at the start, was answered; another one comes with more than the quota.
    scene.counter.loseReplies("LOADING");
    const { status, body, headers } = await scene.buy({ id: "a" });
    expect([status, body]).toMatchObject([503, { code: 0, result: "TRYAGAIN", id: "a" }]);
    expect(body).toMatchObject({ reason: "unreachable" });
    expect(headers["retry-after"]).toBe("1");
  });

  test("or perhaps one: the outcome is unknown, and can be asked for", async () => {
    scene = await Scene.start(10);
    scene.counter.loseReplies("TIMEOUT");
    const { status, body, headers } = await scene.buy({ id: "a:1" });
    expect([status, body]).toMatchObject([202, { code: 0, result: "UNKNOWN", id: "a:1" }]);
    scene.counter.loseReplies(null);
    const asked = await scene.ask("GET", headers["location"] as string);
    expect([asked.status, asked.body]).toMatchObject([200, { result: "ACK", id: "a:1" }]);
    expect(scene.counter.sold).toBe(1);
  });

  test("for an id that nobody had: it is settled as none", async () => {
    scene = await Scene.start(10);
    const asked = await scene.ask("GET", "/orders/nobody");
    expect([asked.status, asked.body]).toMatchObject([503, { reason: "id-spent" }]);
    expect(await scene.buy({ id: "nobody" })).toMatchObject({ status: 503 });
    expect(scene.counter.sold).toBe(0);
  });
});

describe("a request that is sent again", () => {
  test("is the same one while there is stock", async () => {
    scene = await Scene.start(10);
    const first = await scene.buy({ id: "a", buyer: "b" });
    const again = await scene.buy({ id: "a", buyer: "b" });
    expect(again).toMatchObject({ status: 200, body: first.body! });
    expect(scene.counter.sold).toBe(1);
  });

  test("by the holder of the last ticket is no refusal", async () => {
    scene = await Scene.start(1);
    const first = await scene.buy({ id: "a" });
    expect(await scene.buy({ id: "b" })).toMatchObject({ body: { result: "SOLDOUT" } });
    expect((await scene.buy({ id: "a" })).body).toEqual(first.body);
  });

  test("with other arguments is refused, and spoils nothing", async () => {
    scene = await Scene.start(3);
    const first = await scene.buy({ id: "a", buyer: "b" });
    expect((await scene.buy({ id: "a", buyer: "b", qty: 2 })).body).toMatchObject({
      result: "TRYAGAIN",
      reason: "id-spent",
    });
    await scene.buy({ id: "c", buyer: "c", qty: 2 });
    expect((await scene.buy({ id: "a", buyer: "b" })).body).toEqual(first.body);
    expect((await scene.buy({ id: "a", buyer: "b", qty: 2 })).body).toMatchObject({
      result: "SOLDOUT",
    });
  });

  test("while the first is under way shares its answer", async () => {
    scene = await Scene.start(1);
    scene.counter.hold();
    const first = scene.buy({ id: "a" });
    await until("the first is under way", () => scene.counter.waiting > 0);
    const second = scene.buy({ id: "a" });
    await until("both wait", async () => (await scene.metric("onceonly_in_flight_requests")) === 2);
    scene.counter.release();
    expect((await first).body).toMatchObject({ result: "ACK" });
    expect((await second).body).toEqual((await first).body);
  });

  test("after an unknown outcome tells what became of it, though all is sold", async () => {
    scene = await Scene.start(1);
    scene.counter.loseReplies("TIMEOUT");
    expect(await scene.buy({ id: "a" })).toMatchObject({ status: 202 });
    scene.counter.loseReplies(null);
    expect((await scene.buy({ id: "b", qty: 1 })).body).toMatchObject({ result: "SOLDOUT" });
    expect((await scene.buy({ id: "a" })).body).toMatchObject({ result: "ACK" });
  });

  test("after it was cancelled is told so", async () => {
    scene = await Scene.start(1);
    await scene.buy({ id: "a" });
    await scene.ask("POST", "/orders/a/cancel");
    expect((await scene.buy({ id: "a" })).body).toMatchObject({ reason: "id-spent" });
  });
});

describe("many requests", () => {
  test("of one turn of the event loop are one call, and each gets its own answer", async () => {
    scene = await Scene.start(50);
    scene.counter.hold();
    const first = scene.buy({ id: "first" });
    const second = scene.buy({ id: "second" });
    await until("both calls are under way", () => scene.counter.waiting === 2);
    const others = Array.from({ length: 40 }, (_, i) => scene.buy({ id: `r${i}` }));
    await until("all wait", async () => (await scene.metric("onceonly_in_flight_requests")) === 42);
    scene.counter.release();
    const answers = await Promise.all([first, second, ...others]);
    expect(answers.map(({ body }) => body!["id"])).toEqual([
      "first",
      "second",
      ...others.map((_, i) => `r${i}`),
    ]);
    const batch = scene.counter.calls.at(-1)!;
    expect("items" in batch && batch.items.length).toBe(40);
  });

  test("whose buyers hang up still reserve, once, and are answered by nobody", async () => {
    scene = await Scene.start(2);
    scene.counter.hold();
    const abort = new AbortController();
    const gone = fetch(`${scene.url}/buy/ticket`, {
      method: "POST",
      body: '{"id":"gone"}',
      signal: abort.signal,
    });
    await until("the call is under way", () => scene.counter.waiting > 0);
    abort.abort();
    await expect(gone).rejects.toThrow();
    scene.counter.release();
    await until(
      "it is over",
      async () => (await scene.metric("onceonly_in_flight_requests")) === 0,
    );
    expect(scene.counter.sold).toBe(1);
    expect((await scene.buy({ id: "next" })).body).toMatchObject({ result: "ACK" });
  });
});
