import { afterEach, describe, expect, test } from "vitest";
import { RawConnection } from "./testing/http.ts";
import { Scene, until } from "./testing/scene.ts";

const GET = "GET /buy/ticket HTTP/1.1\r\nHost: x\r\n\r\n";

function post(id: string): string {
  const body = JSON.stringify({ id });
  return `POST /buy/ticket HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

let scene: Scene;
afterEach(() => scene.counter.release());

/** One connection with two requests that wait for the counter, sent in one go. */
async function waiting(): Promise<RawConnection> {
  scene = await Scene.start(10);
  scene.counter.hold();
  const raw = await RawConnection.open(scene.server.port);
  raw.socket.write(post("a") + post("b"));
  await until("the call is under way", () => scene.counter.waiting > 0);
  return raw;
}

describe("requests that follow each other on one connection", () => {
  test("are answered in their order", async () => {
    const raw = await waiting();
    scene.counter.take("all", 8);
    scene.counter.release();
    await until("both are answered", () => raw.statuses.length === 2);
    // The third and fourth are refused at once, and yet may not overtake.
    scene.counter.hold();
    raw.socket.write(post("a") + post("c") + GET);
    await until("the repeated one asks", () => scene.counter.waiting > 0);
    expect(raw.statuses).toHaveLength(2);
    scene.counter.release();
    await until("all are answered", () => raw.statuses.length === 5);
    const ids = [...raw.text.matchAll(/"result":"(\w+)","id":"(\w)/gu)].map(([, ...rest]) => rest);
    expect(ids.slice(0, 4)).toEqual([
      ["ACK", "a"],
      ["ACK", "b"],
      ["ACK", "a"],
      ["SOLDOUT", "c"],
    ]);
    raw.socket.destroy();
    await scene.server.drain();
  });
});

describe("drain", () => {
  test("answers who waits, admits nobody, and closes every connection", async () => {
    const raw = await waiting();
    const idle = await RawConnection.open(scene.server.port);
    idle.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await until("it is idle again", () => idle.statuses.length === 1);
    const drained = scene.server.drain();
    await until("idle connections are closed", () => idle.isEnded);
    await expect(RawConnection.open(scene.server.port)).rejects.toThrow("ECONNREFUSED");
    // On the connection that is still open, behind those who wait.
    raw.socket.write(post("late"));
    scene.counter.release();
    expect(await drained).toBe(0);
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.statuses).toEqual([200, 200, 503]);
    expect(raw.text).toContain('"result":"TRYAGAIN","id":"late","reason":"draining"');
    expect(raw.text.match(/Connection: close/gu)).toHaveLength(1);
    expect(raw.text.indexOf("Connection: close")).toBeGreaterThan(raw.text.indexOf('"id":"b"'));
    expect(scene.counter.sold).toBe(2);
  });

  test("waits for an outcome that will stay unknown, and tells so", async () => {
    const raw = await waiting();
    const drained = scene.server.drain();
    scene.counter.loseReplies("TIMEOUT");
    scene.counter.release();
    expect(await drained).toBe(0);
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.statuses).toEqual([202, 202]);
  });

  test("tells to try again, not that all is sold: another server may know better", async () => {
    const raw = await waiting();
    scene.counter.take("all", 8);
    scene.counter.release();
    await until("both are answered", () => raw.statuses.length === 2);
    expect((await scene.buy({ id: "c" })).body).toMatchObject({ result: "SOLDOUT" });
    scene.counter.hold();
    raw.socket.write(post("a"));
    await until("it waits", () => scene.counter.waiting > 0);
    const drained = scene.server.drain();
    raw.socket.write(post("late"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    scene.counter.release();
    await drained;
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.text).toContain('"result":"TRYAGAIN","id":"late","reason":"draining"');
  });

  test("says so at /healthz", async () => {
    const raw = await waiting();
    const other = await RawConnection.open(scene.server.port);
    // A request whose head is not complete yet keeps the connection from being idle.
    other.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    await until("it has arrived", () => other.socket.bytesWritten > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const drained = scene.server.drain();
    other.socket.write("\r\n");
    await until("it is answered", () => other.statuses.length === 1);
    expect(other.statuses).toEqual([503]);
    expect(other.text).toContain('{"status":"draining","sale":"sale","inFlight":2}');
    scene.counter.release();
    await drained;
    raw.socket.destroy();
  });

  test("does not wait for a body that does not come", async () => {
    scene = await Scene.start(1);
    const raw = await RawConnection.open(scene.server.port);
    raw.socket.write("POST /buy/ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await scene.server.drain()).toBe(0);
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.text).toBe("");
  });
});
