/** One HTTP request and what came of it. */
import { request } from "node:http";
import type { Agent, IncomingMessage } from "node:http";
import type { Stop } from "./stop.ts";

export interface Asked {
  readonly agent: Agent;
  /** Base URL: "http://127.0.0.1:3001". */
  readonly front: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Sent as JSON; null for no body. */
  readonly body: object | null;
  /** The caller waits no longer. */
  readonly timeoutMs: number;
  /** The answer is lost: the connection breaks once the request is out. */
  readonly losesReply: boolean;
  /** Source address; null for the system's choice. */
  readonly localAddress: string | null;
  readonly stop: Stop;
}

export type Exchanged =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  /** No answer: the request may have got through. */
  | { readonly kind: "none" }
  /** No connection: the request was not sent. */
  | { readonly kind: "unsent" };

/** More is no answer of a ticket server. */
const BODY_CHARACTERS_MAX = 65_536;

/** Never rejects: what goes wrong on the way is an outcome. */
export function exchange(asked: Asked): Promise<Exchanged> {
  return new Promise((resolve) => {
    const { agent, front, method, path, body, timeoutMs, losesReply, localAddress } = asked;
    let connected = false;
    let over = false;
    const text = body === null ? null : JSON.stringify(body);
    const { hostname, port } = addressOf(front);
    const outgoing = request({
      agent,
      hostname,
      port,
      path,
      method,
      ...(localAddress !== null && { localAddress }),
      ...(text !== null && {
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
      }),
    });
    const end = (exchanged: Exchanged): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      forget();
      if (exchanged.kind !== "answered") outgoing.destroy();
      resolve(exchanged);
    };
    const giveUp = (): void => end({ kind: connected ? "none" : "unsent" });
    const timer = setTimeout(giveUp, timeoutMs);
    const forget = asked.stop.whenStopped(() => setImmediate(giveUp));
    outgoing.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", () => (connected = true));
      else connected = true;
    });
    // Whoever loses the answer does not know it: he waits as long as for one that never comes.
    const fail = (): void => {
      if (!losesReply || !connected) giveUp();
    };
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      if (losesReply) incoming.destroy();
      else read(incoming, end, fail);
    });
    if (losesReply) outgoing.on("finish", () => setImmediate(() => outgoing.destroy()));
    outgoing.end(text ?? undefined);
  });
}

/** Exactly one of the two is called, or, of a connection that breaks, `fail` at least once. */
function read(
  incoming: IncomingMessage,
  end: (exchanged: Exchanged) => void,
  fail: () => void,
): void {
  incoming.setEncoding("utf8");
  let body = "";
  incoming.on("data", (chunk: string) => {
    body += chunk;
    if (body.length > BODY_CHARACTERS_MAX) incoming.destroy();
  });
  incoming.on("end", () => end({ kind: "answered", status: incoming.statusCode ?? 0, body }));
  incoming.on("error", fail);
  incoming.on("close", fail);
}

const addresses = new Map<string, { readonly hostname: string; readonly port: string }>();

/** Parsing a URL costs as much as a tenth of the request. */
function addressOf(front: string): { readonly hostname: string; readonly port: string } {
  let address = addresses.get(front);
  if (address === undefined) {
    const { hostname, port } = new URL(front);
    addresses.set(front, (address = { hostname, port }));
  }
  return address;
}
