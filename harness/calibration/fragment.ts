/** The fitted laws as a fragment of a scenario, and the whole scenario of a load. */
import { checkScenario } from "../../sim/scenario/load.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import type { Laws } from "./laws.ts";

/** Keys of a scenario, in its units. */
export interface Fragment {
  readonly buyers: { readonly networkMs: number };
  readonly nginx: { readonly serviceUs: number };
  readonly servers: {
    readonly serviceUs: number;
    readonly serviceLaw: { readonly quantiles: number[] };
  };
  readonly redis: { readonly linkUs: number; readonly callUs: number; readonly itemUs: number };
}

export function fragmentOf(laws: Laws): Fragment {
  return {
    // One way.
    buyers: { networkMs: rounded(laws.networkMs / 2, 4) },
    nginx: { serviceUs: rounded(laws.nginxUs, 1) },
    servers: {
      serviceUs: rounded(laws.serverUs, 1),
      serviceLaw: { quantiles: laws.serverQuantilesUs.map((us) => rounded(us, 1)) },
    },
    redis: {
      linkUs: rounded(laws.redisLinkUs, 1),
      callUs: rounded(laws.redis.callUs, 1),
      itemUs: rounded(laws.redis.itemUs, 1),
    },
  };
}

const LONG_MS = 3_600_000;

/**
 * One ticket server behind one nginx; one ticket, so that all but the first buyer are refused: the
 * answer that 99 of 100 buyers of a sale get. Nobody gives up, and nobody comes back.
 */
export function scenarioOf(fragment: Fragment, requests: number, ratePerSecond: number): Scenario {
  const { buyers, nginx, servers, redis } = fragment;
  return checkScenario(
    {
      name: "calibration",
      sale: { tickets: 1, holdMs: LONG_MS, graceMs: 0 },
      buyers: {
        count: requests,
        ratePerSecond,
        noShow: 1,
        timeoutMs: LONG_MS,
        retries: 0,
        ...buyers,
      },
      sites: ["here"],
      servers: { count: 1, queueLimit: 1_000_000, ...servers },
      rules: { pollMs: LONG_MS },
      redis,
      nginx: {
        perSite: 1,
        linkUs: 0,
        queueMs: 10_000,
        max_fails: 0,
        proxyReadTimeoutMs: LONG_MS,
        ...nginx,
      },
      lvs: { directorsPerSite: 1, packetUs: 0, linkUs: 0, queueMs: 10_000 },
      ospf: { bandwidthMbit: 1_000_000, linkUs: 0, queueMs: 10_000 },
    },
    "calibration",
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
