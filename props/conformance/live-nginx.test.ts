import { describe, expect, test } from "vitest";
import { checkLiveNginx } from "./live-nginx.ts";
import { wrongVariants } from "./nginx-wrong.ts";

const TIMEOUT_MS = 120_000;

describe("a real nginx, its clock driven by libfaketime", () => {
  test(
    "agrees with the model on every server and status of 60 random upstream blocks",
    async () => {
      const decisions = await checkLiveNginx({ draws: 60, seed: 12306 });
      expect(decisions).toBeGreaterThan(600);
    },
    TIMEOUT_MS,
  );

  test.each(["a server returns when fail_timeout has passed", "max_conns is no limit"])(
    "rejects a model that says: %s",
    async (name) => {
      const variant = wrongVariants.find((candidate) => candidate.name === name);
      if (variant === undefined) throw new Error(`no wrong variant "${name}"`);
      await expect(checkLiveNginx({ draws: 60, seed: 12306, variant })).rejects.toThrow(
        "recorded:",
      );
    },
    TIMEOUT_MS,
  );
});
