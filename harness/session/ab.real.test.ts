/** The real ab on a server of the test's own. */
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { runAb } from "./ab.ts";
import type { AbResult } from "./ab.ts";

async function measure(answer: (response: ServerResponse, i: number) => void): Promise<AbResult> {
  let i = 0;
  const server = createServer((_, response) => {
    answer(response, i);
    i += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await runAb(40, 4, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("an answer of another length has not failed", async () => {
  const result = await measure((response, i) => response.end("x".repeat(1 + (i % 3))));
  expect(result).toMatchObject({ requests: 40, non2xx: 0, broken: 0 });
  expect(result.command).toMatch(/^ab -n 40 -c 4 -l http:/u);
  expect(result.requestsPerSecond).toBeGreaterThan(0);
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
});

test("answers other than 2xx are counted", async () => {
  const result = await measure((response, i) => response.writeHead(i < 30 ? 200 : 503).end());
  expect(result).toMatchObject({ requests: 40, non2xx: 10, broken: 0 });
});

test("a connection that breaks ends the measurement, in ab's own words", async () => {
  const broken = measure((response) => response.socket?.resetAndDestroy());
  await expect(broken).rejects.toThrow(EnvironmentError);
  await expect(broken).rejects.toThrow(/reset/iu);
});
