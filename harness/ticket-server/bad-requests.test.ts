import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawConnection } from "./testing/http.ts";
import type { Ask } from "./testing/http.ts";
import { Scene, until } from "./testing/scene.ts";

const BUY = "/buy/ticket";
const TICKETS = 5;
let scene: Scene;
beforeAll(async () => (scene = await Scene.start(TICKETS)));
afterAll(async () => {
  // Nothing that any test of this file sends may cost a ticket, or reach the counter at all.
  expect(scene.counter.sold).toBe(0);
  expect(scene.counter.calls.map(({ script }) => script)).toEqual(["grant"]);
  await scene.server.drain();
});

test.each<[string, string | Buffer, string]>([
  ["no JSON", "{", "body: not JSON"],
  ["no object", "[1]", "body: expected a JSON object, got an array"],
  ["null", "null", "body: expected a JSON object, got null"],
  ["a number", "5", "body: expected a JSON object, got a number"],
  ["two objects", "{}{}", "body: not JSON"],
  ["a form", "id=a&qty=1", "body: not JSON"],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), "body: not UTF-8"],
  ["an unknown field", '{"quantity":1}', '"quantity": unknown field; known: sale, id, buyer, qty'],
  ["a prototype", '{"__proto__":{}}', '"__proto__": unknown field; known: sale, id, buyer, qty'],
  ["a field twice", '{"qty":1,"qty":1}', "qty: given twice"],
  ["a field twice, escaped", '{"qty":1,"\\u0071ty":2}', "qty: given twice"],
  ["a text for a number", '{"qty":"1"}', "qty: expected a number, got a string"],
  ["null for a number", '{"qty":null}', "qty: expected a number, got null"],
  ["a list for a text", '{"id":["a"]}', "id: expected a string, got an array"],
  ["a number for a text", '{"buyer":7}', "buyer: expected a string, got a number"],
  ["nothing", '{"qty":0}', "qty: expected a whole number from 1 to 999999999"],
  ["less than nothing", '{"qty":-1}', "qty: expected a whole number from 1 to 999999999"],
  ["a half", '{"qty":1.5}', "qty: expected a whole number from 1 to 999999999"],
  ["ten digits", '{"qty":1000000000}', "qty: expected a whole number from 1 to 999999999"],
  ["infinity", '{"qty":1e999}', "qty: expected a whole number from 1 to 999999999"],
  ["an empty id", '{"id":""}', "id: expected 1 to 120 letters, digits or _ . : ~ -"],
  ["an id with a bar", '{"id":"a|b"}', "id: expected 1 to 120 letters, digits or _ . : ~ -"],
  ["an id with a slash", '{"id":"a/b"}', "id: expected 1 to 120 letters, digits or _ . : ~ -"],
  ["a new line", '{"id":"a\\n"}', "id: expected 1 to 120 letters, digits or _ . : ~ -"],
  ["a long id", `{"id":"${"a".repeat(121)}"}`, "id: expected 1 to 120 letters, digits or"],
  ["a buyer with a space", '{"buyer":"a b"}', "buyer: expected at most 128 printable ASCII"],
  ["a buyer with a bar", '{"buyer":"a|b"}', "buyer: expected at most 128 printable ASCII"],
  ["a long buyer", `{"buyer":"${"a".repeat(129)}"}`, "buyer: expected at most 128 printable"],
])("a body with %s", async (_what, body, message) => {
  const answer = await scene.ask("POST", BUY, { body });
  expect(answer).toMatchObject({ status: 400, body: { code: -1, result: "BADREQUEST" } });
  expect(answer.body!["msg"]).toContain(message);
});

test.each<[string, string, string, Ask, number, string]>([
  ["another sale", "POST", BUY, { body: '{"sale":"other"}' }, 404, "sale: unknown here"],
  ["another sale, as a query", "GET", `${BUY}?sale=other`, {}, 404, "sale: unknown here"],
  ["no sale's name", "POST", `${BUY}?sale`, {}, 404, "sale: unknown here"],
  ["a sale and more", "GET", `${BUY}?sale=sale=`, {}, 404, "sale: unknown here"],
  ["another sale, encoded", "POST", `${BUY}?a=b&s%61le=other`, {}, 404, "sale: unknown here"],
  ["two sales", "POST", `${BUY}?sale=other`, { body: '{"sale":"sale"}' }, 404, "sale: unknown"],
  ["a sale twice", "GET", `${BUY}?sale=sale&sale=sale`, {}, 400, "sale: given twice in the query"],
  ["a badly encoded sale", "GET", `${BUY}?sale=%zz`, {}, 400, "sale: malformed percent-encoding"],
  ["half a letter", "GET", `${BUY}?sale=%C3`, {}, 400, "sale: malformed percent-encoding"],
  ["another sale, absolute", "GET", `http://x${BUY}?sale=other`, {}, 404, "sale: unknown here"],
  ["a host alone", "GET", "http://x", {}, 404, "there is nothing at this path"],
  ["a host and a query", "GET", `http://x?${BUY}`, {}, 404, "there is nothing at this path"],
  ["no host", "GET", `http://${BUY}`, {}, 404, "there is nothing at this path"],
  ["another scheme", "GET", `ftp://x${BUY}`, {}, 404, "there is nothing at this path"],
  ["a path that holds a URL", "GET", `/http://x${BUY}`, {}, 404, "there is nothing at this path"],
  ["a GET with a body and a query", "GET", `${BUY}?a`, { body: "{}" }, 400, "body: a GET has none"],
  ["a GET with a body", "GET", BUY, { body: '{"qty":2}' }, 400, "body: a GET has none"],
  ["a bad header", "GET", BUY, { headers: { "X-Request-Id": "a b" } }, 400, "X-Request-Id: exp"],
  ["a path beside", "GET", "/buy/tickets", {}, 404, "there is nothing at this path"],
  ["a path below", "POST", "/buy/ticket/1", {}, 404, "there is nothing at this path"],
  ["a path below health", "GET", "/healthz/a", {}, 404, "there is nothing at this path"],
  ["a path below metrics", "GET", "/metrics/", {}, 404, "there is nothing at this path"],
  ["the root", "GET", "/", {}, 404, "there is nothing at this path"],
  ["no order id", "GET", "/orders/", {}, 404, "there is nothing at this path"],
  ["an unknown action", "POST", "/orders/a/refund", {}, 404, "there is nothing at this path"],
  ["a deep path", "POST", "/orders/a/pay/b", {}, 404, "there is nothing at this path"],
  ["a bad order id", "GET", "/orders/a%7Cb", {}, 400, "order id: expected"],
  ["a bad escape", "GET", "/orders/a%zz", {}, 400, "path: malformed percent-encoding"],
  ["a bad payment", "POST", "/orders/a/pay", { body: '{"id":"p"}' }, 400, '"id": unknown field'],
  ["an odd payment", "POST", "/orders/a/pay", { body: '{"paymentId":""}' }, 400, "paymentId: exp"],
  ["a reason", "POST", "/orders/a/cancel", { body: '{"why":"x"}' }, 400, '"why": unknown field'],
])("%s", async (_what, method, path, more, status, message) => {
  const answer = await scene.ask(method, path, more);
  expect(answer.status).toBe(status);
  expect(answer.body!["msg"]).toContain(message);
});

test.each([
  ["HEAD", BUY, "GET, POST"],
  ["DELETE", BUY, "GET, POST"],
  ["PUT", BUY, "GET, POST"],
  ["OPTIONS", `${BUY}?x`, "GET, POST"],
  ["PUT", `${BUY}?sale=another`, "GET, POST"],
  ["POST", "/orders/a", "GET"],
  ["HEAD", "/orders/a", "GET"],
  ["GET", "/orders/a/pay", "POST"],
  ["DELETE", "/orders/a/cancel", "POST"],
  ["POST", "/metrics", "GET, HEAD"],
  ["DELETE", "/healthz", "GET, HEAD"],
])("%s %s is no method for it", async (method, path, allow) => {
  const { status, headers, text } = await scene.ask(method, path);
  expect([status, headers["allow"]]).toEqual([405, allow]);
  expect(text === "").toBe(method === "HEAD");
});

describe("a body that is too large", () => {
  const large = `{"buyer":"${"x".repeat(16 * 1024)}"}`;

  test("is refused by the length it announces", async () => {
    const answer = await scene.ask("POST", BUY, { body: large });
    expect(answer).toMatchObject({ status: 413, body: { result: "TOOLARGE" } });
  });

  test("is refused by its real length, and its connection serves on", async () => {
    const raw = await RawConnection.open(scene.server.port);
    raw.socket.write(`POST ${BUY} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    raw.socket.write(`${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`);
    raw.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await until("both are answered", () => raw.statuses.length === 2);
    expect(raw.statuses).toEqual([413, 200]);
    raw.socket.destroy();
  });

  test("is not read for ever", async () => {
    const raw = await RawConnection.open(scene.server.port);
    raw.socket.write(`POST ${BUY} HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n`);
    await until("it is refused", () => raw.statuses.length === 1);
    for (let i = 0; i < 40 && !raw.isEnded; i += 1) raw.socket.write("x".repeat(65_536));
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.statuses).toEqual([413]);
  });

  test("just fits at 16 KiB", async () => {
    const padding = " ".repeat(16 * 1024 - '{"qty":0}'.length);
    expect(await scene.ask("POST", BUY, { body: `{"qty":0${padding}}` })).toMatchObject({
      status: 400,
    });
    expect(await scene.ask("POST", BUY, { body: `{"qty":0 ${padding}}` })).toMatchObject({
      status: 413,
    });
  });
});

describe("what is no HTTP", () => {
  test.each([
    ["garbage", "hello\r\n\r\n"],
    ["an unknown method", `BREW ${BUY} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["two lengths", `POST ${BUY} HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      "a length and chunks",
      `POST ${BUY} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["no host", `GET ${BUY} HTTP/1.1\r\n\r\n`],
  ])("%s", async (_what, bytes) => {
    const raw = await RawConnection.open(scene.server.port);
    raw.socket.write(bytes);
    await until("the connection is closed", () => raw.isEnded);
    expect(raw.statuses).toEqual([400]);
  });

  test("a body that never comes", async () => {
    const raw = await RawConnection.open(scene.server.port);
    raw.socket.write(`POST ${BUY} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{"id":`);
    raw.socket.end();
    await until("the connection is closed", () => raw.isEnded);
  });
});
