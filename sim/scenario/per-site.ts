/** The directors' and proxies' configuration of one site: what all sites have, and its overrides. */
import type { Scenario } from "./schema.ts";

export function lvsOf(scenario: Scenario, site: string): Scenario["lvs"] {
  return { ...scenario.lvs, ...given(overrideOf(scenario, site)?.lvs) };
}

export function nginxOf(scenario: Scenario, site: string): Scenario["nginx"] {
  return { ...scenario.nginx, ...given(overrideOf(scenario, site)?.nginx) };
}

function overrideOf(
  { siteOverrides }: Scenario,
  site: string,
): Scenario["siteOverrides"][number] | undefined {
  return siteOverrides.find((override) => override.site === site);
}

/** Without the keys that are present but undefined: they override nothing. */
function given<T extends object>(
  override: T | undefined,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(override ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
