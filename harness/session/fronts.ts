/** The nginx of a run: one upstream for each, with the ticket servers of its site. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import { nginxOf } from "../../sim/scenario/per-site.ts";
import { weightsOf } from "../../sim/scenario/slices.ts";
import type { Topology } from "../../sim/world/topology.ts";
import type { Endpoint } from "../nemesis/link.ts";
import { Nginx } from "../nginx/nginx-process.ts";
import type { RunFolder } from "./run-folder.ts";

export interface FrontsOptions {
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly folder: RunFolder;
  /** Where nginx finds each ticket server. */
  readonly servers: readonly Endpoint[];
  /** Where each nginx listens. */
  readonly listens: readonly string[];
}

/** Configured and tested, not started. @throws NginxFailed, MissingProgram */
export function buildFronts(options: FrontsOptions): Nginx[] {
  const { scenario, topology, folder, servers, listens } = options;
  const weights = weightsOf(scenario);
  return topology.nginx.map((name, i) => {
    const site = topology.siteOfNginx[i];
    const nginx = nginxOf(scenario, topology.sites[site]);
    const all = servers.map(({ host, port }, server) => ({
      server,
      address: `${host}:${port}`,
      weight: weights[server],
      elsewhere: topology.siteOfServer[server] !== site,
    }));
    const own = all.filter(({ elsewhere }) => !elsewhere);
    const others = nginx.backupSites ? all.filter(({ elsewhere }) => elsewhere) : [];
    return new Nginx(name, {
      folder: folder.folder(name),
      listen: listens[i],
      nginx,
      servers: [...own, ...others],
    });
  });
}
