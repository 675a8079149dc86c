/** What one machine can be asked to run for real. */
import { UsageError } from "../../sim/cli/usage-error.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { nginxOf } from "../../sim/scenario/per-site.ts";
import type { Topology } from "../../sim/world/topology.ts";

/** A process of Node takes some 60 MB and, to start, half a second of a core. */
const NODE_PROCESSES_MAX = 40;
const NGINX_PROCESSES_MAX = 64;

/** @throws UsageError that names the field and the limit. */
export function checkFitsOneMachine(scenario: Scenario, topology: Topology): void {
  const servers = topology.servers.length;
  const workers = topology.workers.length;
  if (servers + workers > NODE_PROCESSES_MAX)
    throw new UsageError(
      `servers.count, orders.workers: ${servers} ticket servers and ${workers} order workers are ` +
        `${servers + workers} processes, at most ${NODE_PROCESSES_MAX} run on one machine: ` +
        `expected servers.count of at most ${Math.max(1, NODE_PROCESSES_MAX - workers)} ` +
        "(--set servers.count=4), or run it with sim/run.ts",
    );
  const nginx = topology.siteOfNginx.reduce(
    (sum, site) => sum + 1 + nginxOf(scenario, topology.sites[site]).workers,
    0,
  );
  if (nginx > NGINX_PROCESSES_MAX)
    throw new UsageError(
      `nginx.perSite, nginx.workers: ${nginx} processes of nginx, at most ${NGINX_PROCESSES_MAX} ` +
        "run on one machine: expected fewer (--set nginx.perSite=1)",
    );
}
