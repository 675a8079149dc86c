/** S8: Redis, and where requests wait. */
import { commandBlock, plotBlock, section } from "../blocks.ts";
import type { Context } from "../context.ts";
import type { Section } from "../schema.ts";
import { measuresTable } from "./measures-table.ts";

export function redisSection(context: Context): Section {
  const { findings, replay } = context;
  return section("S8", "Redis and queues", [
    plotBlock("P11"),
    measuresTable(
      context,
      `Over ${findings.answer.base.length} sales under the scenario's own faults.`,
      [
        "redisPeakPerSecond",
        "redisBacklogMax",
        "redisBusyShareMax",
        "redisCalls",
        "redisCallsPerTicket",
        "nginxQueueMax",
        "serversQueueMax",
        "databaseQueueMax",
      ],
    ),
    plotBlock("P12"),
    commandBlock(replay(findings.answer.baseCell)),
  ]);
}
