import { describe, expect, test } from "vitest";
import type { Candidate } from "./election.ts";
import { elect } from "./election.ts";

const router = (routerId: number, priority: number, designated = 0, backup = 0): Candidate => ({
  routerId,
  priority,
  designated,
  backup,
});

describe("election of the designated router", () => {
  test("among newcomers the highest priority wins, then the highest router id", () => {
    const [a, b, c] = [router(1, 1), router(2, 1), router(3, 0)];
    expect(elect(b, [a, c])).toEqual({ designated: 2, backup: 1 });
  });

  test("nobody who may not hold an office gets one", () => {
    expect(elect(router(1, 0), [router(2, 0)])).toEqual({ designated: 0, backup: 0 });
  });

  test("a better newcomer unseats nobody", () => {
    const newcomer = router(9, 255);
    const inOffice = [router(1, 1, 1, 2), router(2, 1, 1, 2)];
    expect(elect(newcomer, inOffice)).toEqual({ designated: 1, backup: 2 });
  });

  test("the backup takes over, and the best of the rest becomes backup", () => {
    const backup = router(2, 1, 1, 2);
    expect(elect(backup, [router(3, 1, 1, 2), router(4, 5, 1, 2)])).toEqual({
      designated: 2,
      backup: 4,
    });
  });

  test("of two designated routers the better one stays, and the other has no office", () => {
    const better = router(1, 10, 1, 0);
    const worse = router(2, 5, 2, 3);
    const backup = router(3, 1, 2, 3);
    expect(elect(better, [worse, backup])).toEqual({ designated: 1, backup: 3 });
    expect(elect(worse, [better, backup])).toEqual({ designated: 1, backup: 3 });
  });
});
