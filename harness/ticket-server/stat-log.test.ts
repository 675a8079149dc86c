import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { StatLog } from "./stat-log.ts";
import { Scene } from "./testing/scene.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "stat-log-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test("which server took a request to buy", async () => {
  const file = join(folder, "handle.log");
  const scene = await Scene.start(1, { statLog: new StatLog(file, "handle") });
  await scene.buy({ id: "a" });
  await scene.buy({ id: "b" });
  await scene.ask("GET", "/orders/a");
  await scene.ask("GET", "/healthz");
  await scene.server.drain();
  const line = `handle in port:${scene.server.port}\r\n`;
  expect(readFileSync(file, "utf8")).toBe(line + line);
});

test("what came of it, and what the server has sold so far", async () => {
  const file = join(folder, "result.log");
  const scene = await Scene.start(3, { statLog: new StatLog(file, "result") });
  await scene.buy({ id: "a", qty: 2 });
  await scene.buy({ id: "b" });
  await scene.buy({ id: "c" });
  await scene.server.drain();
  expect(readFileSync(file, "utf8")).toBe(
    "result:1,localSales:2\r\nresult:1,localSales:3\r\nresult:0,localSales:3\r\n",
  );
});

test("lines of two servers in one file stay whole", async () => {
  const file = join(folder, "shared.log");
  const logs = [new StatLog(file, "handle"), new StatLog(file, "handle")];
  for (const log of logs) log.port = 3001;
  for (let i = 0; i < 500; i += 1) for (const log of logs) log.requestCame();
  await Promise.all(logs.map((log) => log.close()));
  expect(readFileSync(file, "utf8")).toBe("handle in port:3001\r\n".repeat(1000));
});

test("a file that cannot be written is an error at once", () => {
  expect(() => new StatLog(join(folder, "none", "stat.log"), "handle")).toThrow("ENOENT");
});

test("a full disk ends the log, and nothing else", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const log = new StatLog("/dev/full", "handle");
    log.requestCame();
    await vi.waitFor(() => expect(said).toHaveBeenCalledOnce());
    expect(String(said.mock.calls[0][0])).toMatch(/^stat\.log ends: ENOSPC/u);
    log.requestCame();
    await log.close();
  } finally {
    said.mockRestore();
  }
});
