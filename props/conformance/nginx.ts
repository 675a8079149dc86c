/** Conformance of `sim/network/nginx` to recordings of nginx. */
import type { Adapter } from "./adapter.ts";
import { readNginxRecording } from "./nginx-recording.ts";
import { type NginxModel, nginxModel, replayNginx } from "./nginx-replay.ts";
import { wrongVariants } from "./nginx-wrong.ts";

export const adapter: Adapter = {
  name: "nginx",
  accepts: (meta) => typeof meta["software"] === "string" && /^nginx\b/.test(meta["software"]),
  replay(recording, sink, variant) {
    const model = variant === undefined ? nginxModel : (variant.model as NginxModel);
    replayNginx(readNginxRecording(recording), sink, model);
  },
  wrongVariants,
};
