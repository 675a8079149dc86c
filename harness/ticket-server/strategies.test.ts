/** The other strategies behind the same HTTP. */
import { afterEach, expect, test } from "vitest";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import { article } from "../../core/strategies/article.ts";
import { orderFirst } from "../../core/strategies/order-first.ts";
import { payFirst } from "../../core/strategies/pay-first.ts";
import type { Strategy } from "../../core/strategy.ts";
import { startTicketServer } from "./server.ts";
import type { TicketServerParts } from "./server.ts";
import { ask } from "./testing/http.ts";
import type { HttpReply } from "./testing/http.ts";
import { serverConfig } from "./testing/scene.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Post = (path: string, body?: object) => Promise<HttpReply>;

async function start(
  strategy: Strategy,
  tickets: number,
  ports: Pick<TicketServerParts, "counter" | "database">,
): Promise<Post> {
  const config = serverConfig(tickets);
  const where = { host: "127.0.0.1", port: 0, statLog: null };
  const server = await startTicketServer({ ...where, config, strategy, ...ports });
  stops.push(() => server.drain());
  const url = `http://127.0.0.1:${server.port}`;
  return (path, body) =>
    ask(url, "POST", path, body === undefined ? {} : { body: JSON.stringify(body) });
}

function onDatabase(strategy: Strategy, tickets: number): Promise<Post> {
  const book = createDatabase(tickets);
  const call = async (asked: Parameters<typeof applyDatabase>[1]) => applyDatabase(book, asked);
  return start(strategy, tickets, { counter: null, database: { call } });
}

function onArticleCounter(tickets: number, quota: number): Promise<Post> {
  const stock = article.counter.create();
  article.counter.apply(stock, { script: "init", total: tickets, epoch: 1 }, 0);
  const counter = {
    call: async (call: Parameters<typeof article.counter.apply>[1]) =>
      article.counter.apply(stock, call, 0),
  };
  return start(article, quota, { counter, database: null });
}

test("order-first: an order holds its ticket until it is paid", async () => {
  const post = await onDatabase(orderFirst, 1);
  expect((await post("/buy/ticket", { id: "a" })).body).toMatchObject({ claim: "hold", id: "a" });
  expect((await post("/buy/ticket", { id: "b" })).body).toMatchObject({ result: "SOLDOUT" });
  expect((await post("/buy/ticket", { id: "a" })).body).toMatchObject({ result: "ACK" });
  expect((await post("/orders/a/pay")).body).toMatchObject({ result: "PAID" });
});

test("pay-first: more orders than tickets, and who pays late is given the money back", async () => {
  const post = await onDatabase(payFirst, 1);
  for (const id of ["a", "b"])
    expect((await post("/buy/ticket", { id })).body).toMatchObject({ result: "ACK" });
  expect((await post("/orders/a/pay")).body).toMatchObject({ result: "PAID" });
  expect((await post("/orders/b/pay")).body).toMatchObject({ code: -1, result: "REFUND" });
});

test("article: keeps no ids, so that a repeated request deducts twice, and sells one too many", async () => {
  const post = await onArticleCounter(2, 10);
  const answers = [];
  for (let i = 0; i < 4; i += 1) answers.push((await post("/buy/ticket", { id: "same" })).body);
  expect(answers.map((body) => body!["result"])).toEqual(["ACK", "ACK", "ACK", "SOLDOUT"]);
});
