/** Lets a model make every decision of an nginx recording again. */
import { isIPv4, isIPv6 } from "node:net";
import type { UpstreamConfig } from "../../sim/network/nginx/config.ts";
import { outcomeOfStatus, ReleaseVerdict, TryOutcome } from "../../sim/network/nginx/outcome.ts";
import type { Peers } from "../../sim/network/nginx/peers.ts";
import { UpstreamRequest } from "../../sim/network/nginx/request.ts";
import { NO_LIVE_UPSTREAM, Upstream } from "../../sim/network/nginx/upstream.ts";
import { UpstreamWorkers } from "../../sim/network/nginx/workers.ts";
import { type DecisionSink, UnknownShape } from "./adapter.ts";
import type { NginxScenario, RequestEvent } from "./nginx-recording.ts";

/** What a replay is made with; a wrong variant changes one of these. */
export interface NginxModel {
  makeUpstream(config: UpstreamConfig, draw31: () => number): Upstream;
  /** Changes the configuration before it is used. */
  readonly configure?: (scenario: NginxScenario) => NginxScenario;
  /** The request methods that are not sent twice. */
  readonly nonIdempotentMethods?: readonly string[];
}

export const nginxModel: NginxModel = {
  makeUpstream: (config, draw31) => new Upstream(config, draw31),
};

const NON_IDEMPOTENT_METHODS: readonly string[] = ["POST", "LOCK", "PATCH"];

/** How a try shows in $upstream_addr where no server was live. */
const NO_LIVE_TEXT = "(no live upstream)";

interface Answer {
  readonly tries: readonly string[];
  readonly upstreamStatus: readonly string[];
  readonly status: number;
}

/** A request whose server has not answered yet. */
interface Held {
  readonly request: UpstreamRequest;
  readonly upstream: Upstream;
}

/** @throws UnknownShape if an event makes no sense where it stands */
export function replayNginx(recorded: NginxScenario, sink: DecisionSink, model: NginxModel): void {
  const replay = new Replay(model.configure?.(recorded) ?? recorded, model);
  recorded.events.forEach((event, index) => {
    switch (event.op) {
      case "set":
        replay.setMode(event.addr, event.mode);
        break;
      case "close":
        replay.close(event.id, event.t);
        break;
      case "req":
      case "open": {
        const before = replay.describe(event.worker ?? 0);
        const answer = replay.play(event);
        sink.decision(
          `event ${index} (t=${event.t}, ${requestText(event)})`,
          recordedText(event, recorded.upstream),
          answerText(answer, event.upstream_status !== undefined),
          () => before,
        );
      }
    }
  });
}

class Replay {
  readonly #scenario: NginxScenario;
  readonly #workers: UpstreamWorkers;
  readonly #nonIdempotentMethods: readonly string[];
  readonly #modes = new Map<string, string>();
  readonly #held = new Map<number, Held | undefined>();
  #nextDraw = 0;

  constructor(scenario: NginxScenario, model: NginxModel) {
    this.#scenario = scenario;
    this.#nonIdempotentMethods = model.nonIdempotentMethods ?? NON_IDEMPOTENT_METHODS;
    this.#workers = new UpstreamWorkers(
      scenario.upstream,
      { worker_processes: scenario.workerProcesses, zone: scenario.zone },
      () => () => this.#draw31(),
      (config, draw31) => model.makeUpstream(config, draw31),
    );
  }

  setMode(address: string, mode: string): void {
    if (!this.#scenario.upstream.servers.some((server) => server.address === address)) {
      throw new UnknownShape(`set: no server ${address} in the upstream`);
    }
    this.#modes.set(address, mode);
  }

  /** The server of a held request answers 200. */
  close(id: number, nowSeconds: number): void {
    if (!this.#held.has(id)) throw new UnknownShape(`close: no open request ${id}`);
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.upstream.release(held.request, TryOutcome.OK, nowSeconds);
  }

  play(event: RequestEvent): Answer {
    const upstream = this.#workers.of(event.worker ?? 0);
    const request = this.#startRequest(event);
    const tries: string[] = [];
    const upstreamStatus: string[] = [];
    let nowSeconds = event.t;
    if (event.op === "open") this.#held.set(event.id, undefined);
    for (;;) {
      const server = upstream.pick(request, nowSeconds);
      if (server === NO_LIVE_UPSTREAM) {
        tries.push(NO_LIVE_TEXT);
        upstreamStatus.push("502");
        return { tries, upstreamStatus, status: 502 };
      }
      const address = this.#scenario.upstream.servers[server].address;
      const mode = this.#modes.get(address) ?? "up";
      const end = this.#endOf(mode);
      nowSeconds += end.afterSeconds;
      tries.push(address);
      upstreamStatus.push(String(end.status));
      if (event.op === "open" && mode === "up") {
        this.#held.set(event.id, { request, upstream });
        return { tries, upstreamStatus, status: end.status };
      }
      const verdict = upstream.release(request, end.outcome, nowSeconds);
      if (verdict === ReleaseVerdict.RETRY) continue;
      return { tries, upstreamStatus, status: statusOf(verdict, end.status) };
    }
  }

  /** The state of an upstream, one line per server. */
  describe(worker: number): string {
    const upstream = this.#workers.of(worker);
    return [...describePeers(upstream.primaries, ""), ...describePeers(upstream.backups, " backup")]
      .map((line) => `${line} mode=${this.#modes.get(line.split(" ", 1)[0]) ?? "up"}`)
      .join("\n");
  }

  #startRequest(event: RequestEvent): UpstreamRequest {
    const request = new UpstreamRequest();
    const ip = event.ip ?? "127.0.0.1";
    const key = this.#hashKeyOf(event, ip);
    const nonIdempotent = this.#nonIdempotentMethods.includes(event.method ?? "GET");
    if (isIPv4(ip)) request.reset(ipv4Number(ip), key, nonIdempotent);
    else if (isIPv6(ip)) request.resetIpv6(ipv6Bytes(ip), key, nonIdempotent);
    else throw new UnknownShape(`ip: no address "${ip}"`);
    return request;
  }

  #hashKeyOf(event: RequestEvent, ip: string): string {
    const expression = this.#scenario.hashKey;
    if (expression === "$arg_k") return event.key ?? "";
    if (expression === "$remote_addr") return ip;
    if (!expression.includes("$")) return expression;
    throw new UnknownShape(`upstream.key: unknown expression "${expression}"`);
  }

  /** What a server in that mode does to a request. */
  #endOf(mode: string): { outcome: TryOutcome; status: number; afterSeconds: number } {
    switch (mode) {
      case "up":
        return { outcome: TryOutcome.OK, status: 200, afterSeconds: 0 };
      case "refuse":
        return { outcome: TryOutcome.REFUSED, status: 502, afterSeconds: 0 };
      case "reset":
        return { outcome: TryOutcome.RESET, status: 502, afterSeconds: 0 };
      case "invalid_header":
        return { outcome: TryOutcome.INVALID_HEADER, status: 502, afterSeconds: 0 };
      case "hang": {
        const afterSeconds = this.#scenario.readTimeoutSeconds;
        if (afterSeconds === undefined) {
          throw new UnknownShape("a server hangs, but no proxy_read_timeout is recorded");
        }
        return { outcome: TryOutcome.READ_TIMEOUT, status: 504, afterSeconds };
      }
      default: {
        const status = Number(mode.slice(1));
        return { outcome: outcomeOfStatus(status), status, afterSeconds: 0 };
      }
    }
  }

  #draw31(): number {
    const draw = this.#scenario.draws[this.#nextDraw];
    this.#nextDraw += 1;
    if (draw === undefined) {
      throw new UnknownShape(`draws: only ${this.#scenario.draws.length}, the model needs more`);
    }
    return draw;
  }
}

function statusOf(verdict: ReleaseVerdict, responseStatus: number): number {
  if (verdict === ReleaseVerdict.ANSWER_502) return 502;
  return verdict === ReleaseVerdict.ANSWER_504 ? 504 : responseStatus;
}

function requestText(event: RequestEvent): string {
  const parts = [event.op, event.method ?? "GET"];
  if (event.ip !== undefined) parts.push(`ip=${event.ip}`);
  if (event.key !== undefined) parts.push(`key=${event.key}`);
  if (event.worker !== undefined) parts.push(`worker=${event.worker}`);
  return parts.join(" ");
}

function recordedText(event: RequestEvent, upstream: UpstreamConfig): string {
  const tries = event.tries.map((name) => {
    if (upstream.servers.some((server) => server.address === name)) return name;
    // Only the upstream's own name may stand here, and a name has no port.
    if (name.includes(":")) throw new UnknownShape(`tries: no server ${name} in the upstream`);
    return NO_LIVE_TEXT;
  });
  const { upstream_status: upstreamStatus, status } = event;
  return answerText(
    { tries, upstreamStatus: upstreamStatus ?? [], status },
    upstreamStatus !== undefined,
  );
}

function answerText(answer: Answer, withUpstreamStatus: boolean): string {
  const statuses = withUpstreamStatus ? ` (${answer.upstreamStatus.join(", ")})` : "";
  return `${answer.tries.join(", ")}${statuses} -> ${answer.status}`;
}

function* describePeers(peers: Peers, suffix: string): Generator<string> {
  for (let i = 0; i < peers.count; i += 1) {
    yield (
      `${peers.addresses[i]}${suffix} weight=${peers.weight[i]} ` +
        `effective=${peers.effectiveWeight[i]} current=${peers.currentWeight[i]} ` +
        `conns=${peers.connections[i]}/${peers.maxConnections[i]} ` +
        `fails=${peers.fails[i]}/${peers.maxFails[i]} accessed=${peers.accessedSeconds[i]} ` +
        `checked=${peers.checkedSeconds[i]} fail_timeout=${peers.failTimeoutSeconds[i]}` +
        (peers.down[i] === 1 ? " down" : "")
    );
  }
}

function ipv4Number(text: string): number {
  return text.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The 16 bytes of an IPv6 address, by way of the URL parser's normal form. */
function ipv6Bytes(text: string): Uint8Array {
  const [head, tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}

function groupsOf(part: string | undefined): number[] {
  if (part === undefined || part === "") return [];
  return part.split(":").map((group) => Number.parseInt(group, 16));
}
