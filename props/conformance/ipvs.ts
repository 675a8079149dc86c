/** Conformance of the LVS model to recordings of Linux IPVS. */
import type { Adapter } from "./adapter.ts";
import { readIpvsScenario } from "./ipvs-recording.ts";
import { replayIpvs } from "./ipvs-replay.ts";
import type { BuildVirtualServer } from "./ipvs-replay.ts";
import { ipvsWrongVariants } from "./ipvs-wrong.ts";

/** Guest time against the director's clock tick: an entry may live this much longer or shorter. */
const CLOCK_SECONDS = 0.1;

export const adapter: Adapter = {
  name: "ipvs",
  accepts: (meta) => {
    const { software } = meta;
    return typeof software === "string" && software.includes("IP Virtual Server version");
  },
  replay: (recording, sink, variant) => {
    const model = variant?.model as BuildVirtualServer | undefined;
    replayIpvs(
      readIpvsScenario(recording),
      {
        pick: (where, recorded, modelled, state) => sink.decision(where, recorded, modelled, state),
        counters: () => {},
        // The recorder reads whole seconds, rounded down.
        secondsLeft: (where, recorded, modelled) =>
          sink.bound(where, recorded, modelled - 1 - CLOCK_SECONDS, modelled + CLOCK_SECONDS),
      },
      model,
    );
  },
  wrongVariants: ipvsWrongVariants,
};
