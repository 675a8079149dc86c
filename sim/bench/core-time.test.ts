import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { coreSeconds } from "./core-time.ts";

test("work takes core time, waiting takes none; only Linux tells", async () => {
  const start = coreSeconds();
  if (process.platform !== "linux") {
    expect(start).toBe(null);
    return;
  }
  while (coreSeconds()! - start! < 0.05);
  const worked = coreSeconds()!;
  await wait(200);
  expect(coreSeconds()! - worked).toBeLessThan(0.1);
});
