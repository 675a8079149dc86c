/** A real nginx under our template: methods, split, ids, and what it may send twice. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadScenario } from "../../sim/scenario/load.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { isAlive } from "../processes/alive.ts";
import { freePorts } from "../provision/ports.ts";
import { Nginx, NginxFailed } from "./nginx-process.ts";
import type { UpstreamServer } from "./render.ts";

const demo = loadScenario("demo", 1n);
type NginxSection = Scenario["nginx"];

let folder: string;
const running: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "onceonly-nginx-"));
});

afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
  rmSync(folder, { recursive: true });
});

interface Backend {
  readonly port: number;
  /** Method, path and request id of what it got. */
  readonly got: { method: string; url: string; id: string }[];
}

/** A server that answers, or breaks the connection after it has read the request. */
async function backend(breaks = false): Promise<Backend> {
  const got: Backend["got"] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    got.push({ method, url, id: String(headers["x-request-id"]) });
    if (breaks) request.socket.destroy();
    else response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(() => closed(server));
  return { port: (server.address() as AddressInfo).port, got };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function upstream(ports: readonly number[], weights: readonly number[] = []): UpstreamServer[] {
  return ports.map((port, server) => ({
    server,
    address: `127.0.0.1:${port}`,
    weight: weights[server] ?? 1,
    elsewhere: false,
  }));
}

async function nginxFor(
  servers: readonly UpstreamServer[],
  section: Partial<NginxSection> = {},
): Promise<Nginx> {
  const [port] = await freePorts(18_080, 1);
  const nginx = new Nginx("nginx", {
    folder: join(folder, "nginx"),
    listen: `127.0.0.1:${port}`,
    nginx: { ...demo.nginx, ...section },
    servers,
  });
  running.push(() => nginx.stop());
  return nginx;
}

function send(
  nginx: Nginx,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const [host, port] = nginx.listen.split(":");
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host, port, method, path, headers, agent: false },
      (response: IncomingMessage) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.once("error", reject);
    outgoing.end();
  });
}

const METHODS = [
  "round_robin",
  "ip_hash",
  "hash",
  "hash consistent",
  "least_conn",
  "random",
  "random two",
] as const;

describe("the configuration", () => {
  test.each(METHODS)("nginx accepts method %s, with and without a shared zone", async (method) => {
    for (const zone of [false, true]) {
      const nginx = await nginxFor(upstream([3001, 3002], [1, 2]), { method, zone, workers: 2 });
      expect(nginx.isUp).toBe(false);
    }
  });

  test("what nginx refuses is an error in nginx's own words", async () => {
    const servers = upstream([3001, 3002]).map((line, i) => ({ ...line, elsewhere: i === 1 }));
    await expect(nginxFor(servers, { method: "ip_hash" })).rejects.toThrow(NginxFailed);
    await expect(nginxFor(servers, { method: "ip_hash" })).rejects.toThrow(/backup/u);
    await expect(nginxFor(servers, { method: "least_conn" })).resolves.toBeDefined();
  });
});

describe("the way of a request", () => {
  test("weights 1:2:3:4 split a thousand requests exactly", async () => {
    const backends = await Promise.all([1, 2, 3, 4].map(() => backend()));
    const nginx = await nginxFor(
      upstream(
        backends.map(({ port }) => port),
        [1, 2, 3, 4],
      ),
    );
    await nginx.start();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let i = 0; i < 50; i += 1) await send(nginx, "POST", "/buy/ticket");
      }),
    );
    expect(backends.map(({ got }) => got.length)).toEqual([100, 200, 300, 400]);
  });

  test("all tries carry one id: the client's, or one that nginx made", async () => {
    const [nobody] = await freePorts(19_000, 1);
    const { port, got } = await backend();
    const nginx = await nginxFor(upstream([nobody, port]), { max_fails: 0 });
    await nginx.start();
    for (let i = 0; i < 4; i += 1) {
      expect(await send(nginx, "POST", "/buy/ticket", { "X-Request-Id": `mine-${i}` })).toBe(200);
      expect(await send(nginx, "POST", "/buy/ticket")).toBe(200);
    }
    expect(got.filter(({ id }) => id.startsWith("mine-")).map(({ id }) => id)).toEqual(
      Array.from({ length: 4 }, (_, i) => `mine-${i}`),
    );
    expect(new Set(got.map(({ id }) => id)).size).toBe(8);
    for (const { id } of got) expect(id).toMatch(/^mine-\d$|^[0-9a-f]{32}$/u);
  });

  test.each([
    ["POST", "/buy/ticket", 1],
    ["GET", "/buy/ticket", 1],
    ["GET", "/orders/x", 2],
    ["POST", "/orders/x/pay", 1],
  ])("%s %s that was sent and lost is sent %d time(s)", async (method, path, times) => {
    const broken = [await backend(true), await backend(true)];
    const nginx = await nginxFor(
      upstream(broken.map(({ port }) => port)),
      // Not even a scenario that asks for it may have a purchase sent twice.
      path === "/buy/ticket" ? { proxy_next_upstream: ["error", "timeout", "non_idempotent"] } : {},
    );
    await nginx.start();
    expect(await send(nginx, method, path)).toBe(502);
    expect(broken.flatMap(({ got }) => got)).toHaveLength(times);
    expect(new Set(broken.flatMap(({ got }) => got).map(({ id }) => id)).size).toBe(1);
  });
});

describe("its life", () => {
  // The simulator's new workers know as much (sim/world/proxies.test.ts).
  test.each([
    ["reload", false, 2],
    ["reload", true, 2],
    ["killWorker", false, 2],
    ["killWorker", true, 1],
  ] as const)(
    "after %s, zone: %s, a dead server was found out %d time(s)",
    async (act, zone, times) => {
      const [nobody] = await freePorts(19_000, 1);
      const { port } = await backend();
      const nginx = await nginxFor(upstream([nobody, port]), { zone, fail_timeout: 3600 });
      await nginx.start();
      for (let i = 0; i < 4; i += 1) expect(await send(nginx, "GET", "/")).toBe(200);
      await nginx[act]();
      for (let i = 0; i < 4; i += 1) expect(await send(nginx, "GET", "/")).toBe(200);
      const log = readFileSync(join(folder, "nginx", "error.log"), "utf8");
      expect(log.match(/connect\(\) failed/gu)).toHaveLength(times);
    },
  );

  test("a reload and the death of a worker or of the master leave it serving, or startable", async () => {
    const { port } = await backend();
    const nginx = await nginxFor(upstream([port]), { workers: 2 });
    await nginx.start();
    const first = nginx.workers();
    expect(first).toHaveLength(2);

    await nginx.reload();
    expect(nginx.workers().some((pid) => !first.includes(pid))).toBe(true);
    expect(await send(nginx, "GET", "/")).toBe(200);

    // At once: it is one of the new workers that dies, and another comes for it.
    const second = nginx.workers().filter((pid) => !first.includes(pid));
    expect(second).toHaveLength(2);
    await nginx.killWorker();
    const both = [...first, ...second];
    expect(nginx.workers().filter((pid) => !both.includes(pid))).toHaveLength(1);
    await expect.poll(() => isAlive(second[0])).toBe(false);
    expect(isAlive(second[1])).toBe(true);
    expect(await send(nginx, "GET", "/")).toBe(200);

    const workers = nginx.workers();
    await nginx.kill();
    expect(nginx.isUp).toBe(false);
    expect(workers.filter(isAlive)).toEqual([]);
    await expect(send(nginx, "GET", "/")).rejects.toThrow("ECONNREFUSED");
    await nginx.start();
    expect(await send(nginx, "GET", "/")).toBe(200);
  });
});
