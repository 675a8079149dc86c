import { afterEach, beforeEach, expect, test } from "vitest";
import { Scene } from "./testing/scene.ts";

let scene: Scene;
beforeEach(async () => (scene = await Scene.start(3)));
afterEach(() => scene.server.drain());

test("requests are counted by what they were told", async () => {
  await scene.buy({ id: "a", qty: 2 });
  await scene.buy({ id: "b" });
  await scene.buy({ id: "c" });
  await scene.buy({ id: "d" });
  await scene.buy({ qty: 0 });
  await scene.ask("DELETE", "/buy/ticket");
  await scene.ask("POST", "/orders/a/pay");
  await scene.ask("POST", "/orders/b/cancel");
  const expected: Readonly<Record<string, number>> = {
    'onceonly_requests_total{kind="buy",answer="ACK"}': 2,
    'onceonly_requests_total{kind="buy",answer="SOLDOUT"}': 2,
    'onceonly_requests_total{kind="pay",answer="PAID"}': 1,
    'onceonly_requests_total{kind="cancel",answer="CANCELLED"}': 1,
    'onceonly_bad_requests_total{status="400"}': 1,
    'onceonly_bad_requests_total{status="405"}': 1,
    'onceonly_request_seconds_count{kind="buy"}': 4,
    'onceonly_request_seconds_bucket{kind="buy",le="+Inf"}': 4,
    'onceonly_counter_calls_total{script="grant",outcome="ok"}': 1,
    'onceonly_counter_calls_total{script="reserve",outcome="ok"}': 2,
    'onceonly_counter_items_total{script="reserve"}': 2,
    onceonly_in_flight_requests: 0,
    onceonly_in_flight_calls: 0,
    onceonly_draining: 0,
    onceonly_quota_tickets: 3,
    onceonly_taken_tickets: 3,
    onceonly_unresolved_reservations: 0,
  };
  const found = await Promise.all(Object.keys(expected).map((sample) => scene.metric(sample)));
  expect(found).toEqual(Object.values(expected));
});

test("calls are counted by how they ended", async () => {
  scene.counter.loseReplies("TIMEOUT");
  await scene.buy({ id: "a" });
  const calls = "onceonly_counter_calls_total";
  expect(await scene.metric(`${calls}{script="reserve",outcome="TIMEOUT"}`)).toBe(1);
  expect(await scene.metric("onceonly_unresolved_reservations")).toBe(1);
});

test("the latch shows the counter's last word", async () => {
  expect(await scene.metric("onceonly_latch_left_tickets")).toBe(3);
  expect(await scene.metric("onceonly_latch_closed")).toBe(0);
  await scene.buy({ id: "a", qty: 3 });
  expect(await scene.metric("onceonly_latch_left_tickets")).toBe(0);
  expect(await scene.metric("onceonly_latch_closed")).toBe(1);
});

test("the page is in the text format: a help and a type before each family, numbers after", async () => {
  await scene.buy({ id: "a" });
  const { text, headers } = await scene.ask("GET", "/metrics");
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text.endsWith("\n")).toBe(true);
  let family = "";
  for (const line of text.trimEnd().split("\n")) {
    if (line.startsWith("# HELP ")) family = line.split(" ")[2];
    else if (line.startsWith("# TYPE "))
      expect(line).toMatch(new RegExp(`^# TYPE ${family} (counter|gauge|histogram)$`, "u"));
    else
      expect(line).toMatch(
        new RegExp(`^${family}(_bucket|_sum|_count)?(\\{(\\w+="[^"]*",?)+\\})? [\\d.e+-]+$`, "u"),
      );
  }
});

test("the buckets of the latency add up", async () => {
  for (let i = 0; i < 5; i += 1) await scene.buy({ id: `r${i}` });
  const { text } = await scene.ask("GET", "/metrics");
  const buckets = [...text.matchAll(/_bucket\{kind="buy",le="[^"]+"\} (\d+)/gu)].map(([, n]) =>
    Number(n),
  );
  expect(buckets.toSorted((a, b) => a - b)).toEqual(buckets);
  expect(buckets.at(-1)).toBe(5);
});

test("the server says what it is, and that it lives", async () => {
  const info = 'onceonly_info{server="s1",incarnation="0",sale="sale",strategy="pre-deduct"}';
  expect(await scene.metric(info)).toBe(1);
  const health = await scene.ask("GET", "/healthz");
  expect([health.status, health.body]).toEqual([200, { status: "ok", sale: "sale", inFlight: 0 }]);
});
