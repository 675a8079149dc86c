/**
 * A server in the published demo's design: one lock is held around the local check and the call on
 * Redis, so that requests go through one after the other. It has the demo's script and none of its
 * other bugs, and stock without end.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { article } from "../../core/strategies/article.ts";
import type { RedisAddress } from "../redis/address.ts";
import { connectCounter } from "../redis/counter-client.ts";
import { httpAnswer } from "../ticket-server/answers.ts";
import type { AnswerName } from "../ticket-server/answers.ts";

export interface LockServerConfig {
  readonly redis: RedisAddress;
  readonly saleId: string;
  readonly tickets: number;
}

const CALL_TIMEOUT_MS = 5000;

const config = JSON.parse(readFileSync(process.argv[2], "utf8")) as LockServerConfig;
const { redis: address, saleId } = config;
const counter = await connectCounter({ address, saleId, strategy: article });
let localSales = 0;
let requests = 0;
/** Resolves when the lock is free for whoever comes next. */
let lock: Promise<void> = Promise.resolve();

const server = createServer((_request, response) => {
  requests += 1;
  const id = `r${requests}`;
  lock = lock.then(async () => answer(response, await sell(id), id));
});
server.listen(0, "127.0.0.1", () => {
  const { address: host, port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, host, port })}\n`);
});

async function sell(id: string): Promise<AnswerName> {
  if (localSales >= config.tickets) return "SOLDOUT";
  localSales += 1;
  const item = { id, qty: 1, buyer: "", ttlMs: 0, maxPerBuyer: 0, requestDeadlineMs: 0 };
  const call = {
    script: "reserve",
    epoch: 1,
    server: "lock",
    incarnation: 0,
    items: [item],
  } as const;
  try {
    const { results } = await counter.call(call, CALL_TIMEOUT_MS);
    return results[0]?.code === "OK" ? "ACK" : "SOLDOUT";
  } catch {
    return "UNKNOWN";
  }
}

function answer(response: ServerResponse, name: AnswerName, id: string): void {
  const { status, body } = httpAnswer(name, id);
  const headers = ["Content-Type", "application/json; charset=utf-8"];
  headers.push("Content-Length", String(body.length));
  response.writeHead(status, headers).end(body, "latin1");
}
