/**
 * OSPF against FRR 8.4.4: each row of a cost table, and for each database that a router showed, the
 * OSPF routes and the kernel routes that it made of it.
 *
 * Everything that those depend on is in the snapshot itself; other fields of a scenario describe
 * how it was made. Times in its events are reported as bounds (`ospf-times.ts`).
 */
import type { Prefix } from "../../sim/network/ospf/address.ts";
import { formatAddress, formatPrefix } from "../../sim/network/ospf/address.ts";
import { connectedPrefixes } from "../../sim/network/ospf/routes.ts";
import { shortestPaths } from "../../sim/network/ospf/spf.ts";
import type { Adapter, DecisionSink } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import type { OspfModel } from "./ospf-model.ts";
import { frrModel } from "./ospf-model.ts";
import type { Fields, ShownHop, Snapshot } from "./ospf-recording.ts";
import {
  interfaceNames,
  number,
  optionalFields,
  readKernelRoute,
  readOspfRoute,
  readSnapshots,
  showHop,
} from "./ospf-recording.ts";
import { reportTimes } from "./ospf-times.ts";
import { wrongVariants } from "./ospf-wrong.ts";

export const adapter: Adapter = {
  name: "ospf",
  accepts: (meta) => /^FRR\b.*ospfd/.test(String(meta["software"])),
  replay({ scenario }, sink, variant) {
    const model = { ...frrModel, ...(variant?.model as Partial<OspfModel> | undefined) };
    if (Array.isArray(scenario["rows"])) {
      replayCostTable(scenario, model, sink);
      return;
    }
    const snapshots = readSnapshots(scenario);
    if (snapshots.length === 0) throw new UnknownShape("neither cost rows nor an lsdb");
    for (const snapshot of snapshots) {
      const names = interfaceNames(snapshots, snapshot.router);
      replaySnapshot(snapshot, names, maximumPaths(scenario), model, sink);
    }
    reportTimes(scenario, sink);
  },
  wrongVariants,
};

const COST_TABLE_FIELDS = new Set([
  "columns",
  "rows",
  // The command `ip ospf cost N` and the N it gave: nothing for a model to decide.
  "override",
  "description",
]);

function replayCostTable(table: Fields, model: OspfModel, sink: DecisionSink): void {
  const unknown = Object.keys(table).find((name) => !COST_TABLE_FIELDS.has(name));
  if (unknown !== undefined) throw new UnknownShape(`cost table: field "${unknown}"`);
  const columns: readonly unknown[] = Array.isArray(table["columns"]) ? table["columns"] : [];
  for (const row of table["rows"] as unknown[][]) {
    const values = Object.fromEntries(columns.map((column, i) => [String(column), row[i]]));
    const reference = number(values, "reference_mbit");
    const bandwidth = number(values, "bandwidth_mbit");
    sink.decision(
      `${bandwidth} Mbit/s of ${reference}`,
      String(number(values, "cost")),
      String(model.cost(reference, bandwidth)),
      () => `reference / bandwidth = ${reference / bandwidth}`,
    );
  }
}

/** FRR is built with room for 256 paths, and uses it all unless it is told otherwise. */
function maximumPaths(scenario: Fields): number {
  const timers = optionalFields(scenario, "ospf_timers", "scenario");
  return timers?.["maximumPaths"] === undefined ? 256 : number(timers, "maximumPaths");
}

function replaySnapshot(
  snapshot: Snapshot,
  names: ReadonlyMap<Prefix, string>,
  limit: number,
  model: OspfModel,
  sink: DecisionSink,
): void {
  const { database, rootId, where } = snapshot;
  const table = model.routes(database, rootId);
  if (snapshot.ospfRoutes !== undefined) {
    const recorded = Object.entries(snapshot.ospfRoutes).map(([prefix, route]) => {
      const { cost, hops } = readOspfRoute(route, where);
      // The recorder does not promise an order here; it does for the kernel's routes.
      return line(prefix, hops.toSorted(byName), cost);
    });
    const modelled = [...table].map(([prefix, { cost, hops }]) => {
      const shown = hops.map((hop) => showHop(hop, names));
      return line(formatPrefix(prefix), shown.toSorted(byName), cost);
    });
    decide(`${where}.ospf_routes`, recorded, modelled, snapshot, sink);
  }
  if (snapshot.kernelRoutes !== undefined) {
    const recorded = Object.entries(snapshot.kernelRoutes).map(([prefix, route]) =>
      line(prefix, readKernelRoute(route, where)),
    );
    const kernel = model.kernel(table, connectedPrefixes(database, rootId), limit);
    const modelled = [...kernel].map(([prefix, hops]) => {
      const shown = hops.map((hop) => showHop(hop, names));
      return line(formatPrefix(prefix), shown);
    });
    decide(`${where}.kernel_routes`, recorded, modelled, snapshot, sink);
  }
}

function line(prefix: string, hops: readonly ShownHop[], cost?: number): string {
  const ways = hops.map((hop) => `${hop.gateway || "direct"} ${hop.interface}`).join(", ");
  return cost === undefined ? `${prefix} ${ways}` : `${prefix} cost ${cost} ${ways}`;
}

function byName(a: ShownHop, b: ShownHop): number {
  const left = `${a.gateway} ${a.interface}`;
  const right = `${b.gateway} ${b.interface}`;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** One table is one decision; of a table with a mismatch only the lines that differ are shown. */
function decide(
  where: string,
  recorded: readonly string[],
  modelled: readonly string[],
  { database, rootId }: Snapshot,
  sink: DecisionSink,
): void {
  sink.decision(where, without(recorded, modelled), without(modelled, recorded), () =>
    shortestPaths(database, rootId)
      .map(({ lsa, distance }) => `${lsa.type} ${formatAddress(lsa.id)} at ${distance}`)
      .join("\n"),
  );
}

function without(lines: readonly string[], others: readonly string[]): string {
  const rest = lines.filter((each) => !others.includes(each)).toSorted();
  return rest.length === 0 ? `${lines.length} routes` : rest.join("; ");
}
