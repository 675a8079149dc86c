/**
 * The limit of what a server on node:http can do: it answers a constant, the very text of a
 * refusal, and does nothing else.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { httpAnswer } from "../ticket-server/answers.ts";

const answer = httpAnswer("SOLDOUT", "0".repeat(32));
const bytes = Buffer.from(answer.body, "latin1");
const body = bytes.toString("utf8");
const headers = ["Content-Type", "application/json; charset=utf-8"];
headers.push("Content-Length", String(bytes.length));

const server = createServer((_request, response) => {
  response.writeHead(200, headers).end(body);
});
server.listen(0, "127.0.0.1", () => {
  const { address: host, port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, host, port })}\n`);
});
