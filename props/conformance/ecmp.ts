/**
 * ECMP against Linux 6.18.44: over which of several equal or weighted links each flow went.
 *
 * `flows` (in `_meta`, or in the scenario for flows of its own) are [source, destination, protocol,
 * source port, destination port]; `picks[i]` is the link, by its name in `links`, of flow i.
 */
import { FlowHash, pathBounds, pickPath, pickWeightedPath } from "../../sim/network/ecmp.ts";
import { parseAddress } from "../../sim/network/ospf/address.ts";
import type { Adapter, WrongVariant } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import type { Flow, FlowHashRules } from "./ecmp-reference.ts";
import { linuxRules, referenceHash31 } from "./ecmp-reference.ts";

/** Hash of a flow, and choice of a path for it. */
export interface EcmpModel {
  /** A hash function for one router; the policy is 0 or 1. */
  hash31(seed: number, policy: number): (flow: Flow) => number;
  pick(hash31: number, weights: readonly number[]): number;
}

export const linuxModel: EcmpModel = {
  hash31(seed, policy) {
    if (policy !== 0 && policy !== 1) throw new UnknownShape(`hash policy ${policy}`);
    const hash = new FlowHash(seed, policy);
    return (flow) => hash.hash31(...flow);
  },
  pick(hash31, weights) {
    // Both functions of the simulator, so that both are checked.
    return weights.every((weight) => weight === weights[0])
      ? pickPath(hash31, weights.length)
      : pickWeightedPath(hash31, pathBounds(weights));
  },
};

const FIELDS = new Set([
  "seed",
  "policy",
  "weights",
  "links",
  "picks",
  "flows",
  "description",
  // Follows from the weights; the picks show whether the model's bounds are the same.
  "upper_bounds",
]);

export const adapter: Adapter = {
  name: "ecmp",
  accepts: (meta) => /^Linux\b.*fib multipath/.test(String(meta["software"])),
  replay({ meta, scenario }, sink, variant) {
    const unknown = Object.keys(scenario).find((name) => !FIELDS.has(name));
    if (unknown !== undefined) throw new UnknownShape(`field "${unknown}"`);
    const model = { ...linuxModel, ...(variant?.model as Partial<EcmpModel> | undefined) };
    const flows = readFlows(scenario["flows"] ?? meta["flows"]);
    const weights = numbers(scenario["weights"], "weights");
    const links = numbers(scenario["links"] ?? weights.map((_, i) => i + 1), "links");
    const picks = numbers(scenario["picks"], "picks");
    const [seed, policy] = numbers([scenario["seed"], scenario["policy"]], "seed and policy");
    if (picks.length > flows.length || links.length !== weights.length) {
      throw new UnknownShape(
        `${picks.length} picks of ${flows.length} flows, ` +
          `${links.length} links with ${weights.length} weights`,
      );
    }
    const hash31 = model.hash31(seed, policy);
    picks.forEach((recorded, i) => {
      const hash = hash31(flows[i]);
      sink.decision(
        `flow ${i}`,
        String(recorded),
        String(links[model.pick(hash, weights)]),
        () => `flow ${flows[i].join(" ")}: hash ${hash}, bounds ${pathBounds(weights).join(" ")}`,
      );
    });
  },
  wrongVariants: [
    wrongHash("SipHash-1-3", "The kernel's flow hash is SipHash-2-4.", {
      compressionRounds: 1,
      finalisationRounds: 3,
    }),
    wrongHash("no swap", "Both directions of a flow hash alike.", { swap: "never" }),
    wrongHash("big-endian swap", "Addresses are compared as little-endian words.", {
      swap: "big-endian",
    }),
    wrongHash("always policy 0", "Policy 1 hashes ports and protocol too.", { policy: 0 }),
    wrongHash("always policy 1", "Policy 0 leaves ports and protocol out.", { policy: 1 }),
    wrongHash("ports in host order", "Ports are hashed as they are in the packet.", {
      portOrder: "host",
    }),
    wrongHash("seed in the low half", "The seed fills both halves of both key words.", {
      seedTwice: false,
    }),
    wrongHash("no shift", "The hash is halved before it is compared, not cut off.", {
      shift: false,
    }),
    wrongPick("modulo", "A path owns a range of hashes, not a remainder.", (hash, weights) => {
      return hash % weights.length;
    }),
    wrongPick("weights ignored", "A path's range is as wide as its weight.", (hash, weights) =>
      pickPath(hash, weights.length),
    ),
    wrongPick("ranges from the top", "The first path owns the lowest hashes.", (hash, weights) =>
      linuxModel.pick(2 ** 31 - 1 - hash, weights),
    ),
  ],
};

function wrongHash(name: string, why: string, rules: Partial<FlowHashRules>): WrongVariant {
  const changed = { ...linuxRules, ...rules };
  const hash31: EcmpModel["hash31"] = (seed, policy) => (flow) =>
    referenceHash31(changed, seed, policy, flow);
  return { name, why, model: { hash31 } };
}

function wrongPick(name: string, why: string, pick: EcmpModel["pick"]): WrongVariant {
  return { name, why, model: { pick } };
}

function readFlows(value: unknown): Flow[] {
  if (!Array.isArray(value)) throw new UnknownShape("no flows");
  return value.map((flow: unknown): Flow => {
    if (!Array.isArray(flow) || flow.length !== 5) {
      throw new UnknownShape(`flow ${JSON.stringify(flow)}`);
    }
    const [protocol, sourcePort, destinationPort] = numbers(flow.slice(2), "flow");
    const [source, destination] = flow.slice(0, 2).map((text) => parseAddress(String(text)));
    return [source, destination, protocol, sourcePort, destinationPort];
  });
}

function numbers(value: unknown, name: string): number[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === "number")) {
    throw new UnknownShape(`${name}: ${JSON.stringify(value)?.slice(0, 80)}`);
  }
  return value;
}
