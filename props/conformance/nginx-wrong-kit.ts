/** How a wrong model is put together: the real one, with one part in another's place. */
import type { Balancer } from "../../sim/network/nginx/balancer.ts";
import type { BalancingMethod, UpstreamConfig } from "../../sim/network/nginx/config.ts";
import type { Peers } from "../../sim/network/nginx/peers.ts";
import { nginxParts, Upstream, type UpstreamParts } from "../../sim/network/nginx/upstream.ts";
import type { WrongVariant } from "./adapter.ts";
import type { NginxModel } from "./nginx-replay.ts";

export function wrong(name: string, why: string, model: NginxModel): WrongVariant {
  return { name, why, model };
}

function withParts(parts: Partial<UpstreamParts>): NginxModel {
  return {
    makeUpstream: (config, draw31) => new Upstream(config, draw31, { ...nginxParts, ...parts }),
  };
}

export function withPeers(WrongPeers: typeof Peers): NginxModel {
  return withParts({ makePeers: (servers, indexes) => new WrongPeers(servers, indexes) });
}

type MakeBalancer = (primaries: Peers, draw31: () => number) => Balancer;

export function withBalancer(
  wrongOnes: Partial<Record<BalancingMethod, MakeBalancer>>,
): NginxModel {
  return withParts({
    makeBalancer: (method, primaries, draw31) =>
      wrongOnes[method]?.(primaries, draw31) ?? nginxParts.makeBalancer(method, primaries, draw31),
  });
}

export function withUpstream(WrongUpstream: typeof Upstream): NginxModel {
  return { makeUpstream: (config, draw31) => new WrongUpstream(config, draw31) };
}

export function withConfig(change: (config: UpstreamConfig) => UpstreamConfig): NginxModel {
  return {
    makeUpstream: (config, draw31) => new Upstream(change(config), draw31),
  };
}
