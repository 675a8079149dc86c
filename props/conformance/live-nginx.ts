/**
 * Live conformance: random upstream blocks run on the nginx binary, with its clock driven through
 * libfaketime, and the model must agree on every server and every status.
 */
import * as fc from "fast-check";
import { NO_PEER, type Peers } from "../../sim/network/nginx/peers.ts";
import type { UpstreamRequest } from "../../sim/network/nginx/request.ts";
import { RoundRobin } from "../../sim/network/nginx/round-robin.ts";
import { nginxParts, Upstream } from "../../sim/network/nginx/upstream.ts";
import type { Recording, WrongVariant } from "./adapter.ts";
import { judge } from "./judge.ts";
import { recordLive } from "./live-nginx-recorder.ts";
import { type LiveScript, liveScript } from "./live-nginx-script.ts";
import { readNginxRecording } from "./nginx-recording.ts";
import type { NginxModel } from "./nginx-replay.ts";
import { adapter } from "./nginx.ts";

export interface LiveOptions {
  readonly draws: number;
  readonly seed: number;
  /** A model that is wrong on purpose, to see that it is found out; its script is not shrunk. */
  readonly variant?: WrongVariant;
}

/**
 * Draws upstream blocks until one shows the model wrong, and then the smallest one that does.
 * @returns how many decisions were compared
 * @throws Error with seed, counterexample and the first mismatch; MissingProgram
 */
export async function checkLiveNginx({ draws, seed, variant }: LiveOptions): Promise<number> {
  let decisions = 0;
  await fc.assert(
    fc.asyncProperty(liveScript, async (script) => {
      decisions += await decide(script, variant);
    }),
    { numRuns: draws, seed, endOnFailure: variant !== undefined, includeErrorInReport: true },
  );
  return decisions;
}

async function decide(script: LiveScript, variant?: WrongVariant): Promise<number> {
  const recording = await recordLive(script);
  const isRandom = script.method === "random" || script.method === "random two";
  const judgement = judge(adapter, recording, isRandom ? anyEligible(recording) : variant);
  if (judgement.problem !== undefined) throw new Error(judgement.problem);
  return judgement.decisionsTotal;
}

/**
 * For the random methods, whose draws cannot be known (nginx seeds them from process id and time):
 * a model that picks what nginx picked, if that server was eligible.
 */
function anyEligible(recording: Recording): WrongVariant {
  const { upstream, events } = readNginxRecording(recording);
  const picks = events
    .flatMap((event) => ("tries" in event ? event.tries : []))
    .map((name) => upstream.servers.findIndex((server) => server.address === name))
    .values();

  class AsRecorded extends RoundRobin {
    override pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number {
      const index = picks.next().value ?? NO_PEER;
      // Where nginx found no live server, there must be none: any other pick is a mismatch.
      if (index === NO_PEER) return super.pick(peers, request, nowSeconds);
      const eligible = !request.hasTried(index) && peers.isAvailable(index, nowSeconds);
      return eligible ? index : NO_PEER;
    }
  }
  const model: NginxModel = {
    makeUpstream: (config, draw31) =>
      new Upstream(config, draw31, { ...nginxParts, makeBalancer: () => new AsRecorded() }),
  };
  return { name: "any eligible", why: "the draws of nginx are not known", model };
}
