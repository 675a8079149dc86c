/** Conformance of the health-checking model to recordings of keepalived on IPVS. */
import type { Adapter } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import { list, requireKnown, text } from "./ipvs-fields.ts";
import { loadFactorOfKernel } from "./ipvs-recording.ts";
import { readKeepalivedConfig } from "./keepalived-config.ts";
import { keepalivedModel, replayKeepalived } from "./keepalived-replay.ts";
import type { KeepalivedModel } from "./keepalived-replay.ts";
import { keepalivedWrongVariants } from "./keepalived-wrong.ts";

export const adapter: Adapter = {
  name: "keepalived",
  accepts: (meta) => {
    const { software } = meta;
    return typeof software === "string" && software.startsWith("keepalived ");
  },
  replay: (recording, sink, variant) => {
    const { scenario, meta } = recording;
    // The log repeats the changes of the table, with stamps of whole seconds.
    requireKnown(scenario, [["config", "events"], ["log"]]);
    const software = text(meta["software"], "_meta.software");
    if (!software.startsWith("keepalived 2.2.")) throw new UnknownShape(software);
    const config = readKeepalivedConfig(text(scenario["config"], "config"));
    const service = { ...config.service, loadFactor: loadFactorOfKernel(software) };
    const model = { ...keepalivedModel, ...(variant?.model as Partial<KeepalivedModel>) };
    replayKeepalived({ ...config, service }, list(scenario["events"], "events"), sink, model);
  },
  wrongVariants: keepalivedWrongVariants,
};
