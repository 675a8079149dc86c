/** What no single field can say: how the parts of a scenario must fit together. */
import { UsageError } from "../cli/usage-error.ts";
import { buildTopology } from "../world/topology.ts";
import { lvsOf, nginxOf } from "./per-site.ts";
import type { Scenario } from "./schema.ts";

/** nginx's model keeps this many servers in one upstream at most. */
const UPSTREAM_SERVERS_MAX = 1024;
/** Ten days, the longest time a scenario may name. */
const SALE_SECONDS_MAX = 864_000;
const REQUESTS_MAX = 4_000_000_000;
/** Balancing methods that take `backup` servers (nginx 1.28). */
const METHODS_WITH_BACKUP: readonly string[] = ["round_robin", "least_conn"];

/** @throws UsageError that names the fields which contradict each other. */
export function checkConsistency(scenario: Scenario): void {
  checkServers(scenario);
  checkNames(scenario);
  for (const site of scenario.sites) {
    checkUpstreams(scenario, nginxOf(scenario, site));
    checkDirectors(scenario, lvsOf(scenario, site));
  }
  checkBuyers(scenario);
}

function checkServers({ sites, servers }: Scenario): void {
  sites.forEach((site, i) => {
    if (sites.indexOf(site) !== i)
      throw new UsageError(`sites.${i}: ${site} is there twice; give each site a name of its own`);
  });
  if (servers.weights !== undefined && servers.weights.length !== servers.count)
    throw new UsageError(
      `servers.weights: expected ${servers.count} weights, one for each server ` +
        `(servers.count), got ${servers.weights.length}; set both to the same number`,
    );
}

function checkNames(scenario: Scenario): void {
  scenario.siteOverrides.forEach(({ site }, i) => {
    if (!scenario.sites.includes(site))
      throw new UsageError(
        `siteOverrides.${i}.site: there is no site "${site}"; known: ${scenario.sites.join(", ")}`,
      );
  });
  const { links } = buildTopology(scenario);
  scenario.ospf.links.forEach(({ link }, i) => {
    if (!links.includes(link))
      throw new UsageError(
        `ospf.links.${i}.link: there is no link "${link}"; known: ${links.slice(0, 8).join(", ")}` +
          (links.length > 8 ? ", …" : ""),
      );
  });
}

function checkDirectors({ nginx }: Scenario, { weights }: Scenario["lvs"]): void {
  if (weights !== undefined && weights.length !== nginx.perSite)
    throw new UsageError(
      `lvs.weights: expected ${nginx.perSite} weights, one for each nginx of a site ` +
        `(nginx.perSite), got ${weights.length}`,
    );
}

function checkUpstreams({ sites, servers }: Scenario, nginx: Scenario["nginx"]): void {
  nginx.servers.forEach(({ server, backup }, i) => {
    if (server >= servers.count)
      throw new UsageError(
        `nginx.servers.${i}.server: expected a number below ${servers.count} (servers.count), got ${server}`,
      );
    if (backup === true && !METHODS_WITH_BACKUP.includes(nginx.method))
      throw new UsageError(
        `nginx.servers.${i}.backup: nginx has no backup servers with method "${nginx.method}": ` +
          `use ${METHODS_WITH_BACKUP.join(" or ")}`,
      );
  });
  const upstreamServers = nginx.backupSites
    ? servers.count
    : Math.ceil(servers.count / sites.length);
  if (upstreamServers > UPSTREAM_SERVERS_MAX)
    throw new UsageError(
      `servers.count: nginx would have ${upstreamServers} servers in its upstream, at most ` +
        `${UPSTREAM_SERVERS_MAX} work: take fewer servers${nginx.backupSites ? "" : ", more sites"}` +
        (nginx.backupSites ? ", or nginx.backupSites=false" : ""),
    );
  if (nginx.backupSites && !METHODS_WITH_BACKUP.includes(nginx.method))
    throw new UsageError(
      `nginx.backupSites: nginx has no backup servers with method "${nginx.method}": ` +
        `use ${METHODS_WITH_BACKUP.join(" or ")}`,
    );
}

function checkBuyers({ buyers }: Scenario): void {
  if (!buyers.quantities.some((weight) => weight > 0))
    throw new UsageError("buyers.quantities: expected at least one weight above 0");
  const saleSeconds = buyers.count / buyers.ratePerSecond;
  if (saleSeconds > SALE_SECONDS_MAX)
    throw new UsageError(
      `buyers.ratePerSecond: ${buyers.count} buyers at ${buyers.ratePerSecond} a second take ` +
        `${Math.round(saleSeconds)} s to arrive, at most ${SALE_SECONDS_MAX} s (ten days) work: ` +
        `expected at least ${Math.ceil(buyers.count / SALE_SECONDS_MAX)}`,
    );
  const { share, requests } = buyers.bots;
  const requestsExpected = buyers.count * (1 - share + share * requests);
  if (requestsExpected > REQUESTS_MAX)
    throw new UsageError(
      `buyers.bots: ${Math.round(requestsExpected)} requests are expected, at most ` +
        `${REQUESTS_MAX} work: take fewer buyers, a smaller share or fewer requests`,
    );
}
