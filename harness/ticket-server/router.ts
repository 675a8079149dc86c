/**
 * From an HTTP request to the desk: which path and method it is, what its headers and body say.
 *
 *     POST /buy/ticket          {"sale"?, "id"?, "buyer"?, "qty"?}; GET, or no body: one, anonymous
 *                               ?sale=… counts as in the body; all else in a query is ignored
 *     GET  /orders/{id}         settles an unknown outcome
 *     POST /orders/{id}/pay     {"paymentId"?}
 *     POST /orders/{id}/cancel
 *     GET  /healthz
 *     GET  /metrics
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { bytesOf, httpError } from "./answers.ts";
import type { HttpAnswer } from "./answers.ts";
import {
  ANONYMOUS,
  checkId,
  checkSale,
  ID_WANTED,
  isId,
  parseBuy,
  parseCancel,
  parsePay,
} from "./asked.ts";
import type { AskedToBuy } from "./asked.ts";
import { BadRequest } from "./bad-request.ts";
import type { Desk } from "./desk.ts";
import type { Metrics } from "./metrics.ts";
import { newId } from "./new-id.ts";
import { readBody } from "./request-body.ts";
import { readHead } from "./request-head.ts";
import type { RequestHead } from "./request-head.ts";
import { decoded, queryField, readTarget } from "./request-target.ts";
import { respond } from "./respond.ts";
import type { Caller } from "./respond.ts";

export const BUY_PATH = "/buy/ticket";
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const ERROR_NAMES = { 400: "BADREQUEST", 404: "NOTFOUND", 413: "TOOLARGE" } as const;

export class Router {
  readonly #desk: Desk;
  readonly #metrics: Metrics;
  readonly #saleId: string;

  constructor(desk: Desk, metrics: Metrics, saleId: string) {
    this.#desk = desk;
    this.#metrics = metrics;
    this.#saleId = saleId;
  }

  route(request: IncomingMessage, response: ServerResponse): void {
    const { url } = request;
    if (url === BUY_PATH) {
      this.#buy(request, response);
      return;
    }
    const { path, query } = readTarget(url!);
    const [, first, second, third, ...rest] = path.split("/");
    if (path === BUY_PATH) this.#buyAsAsked(request, response, readHead(request.rawHeaders), query);
    else if (rest.length > 0) this.#notFound(request, response);
    else if (first === "orders" && second) this.#order(request, response, second, third);
    else if (second === undefined && first === "healthz") this.#health(request, response);
    else if (second === undefined && first === "metrics") this.#page(request, response);
    else this.#notFound(request, response);
  }

  #buy(request: IncomingMessage, response: ServerResponse): void {
    const head = readHead(request.rawHeaders);
    const { method } = request;
    if (head.bodyBytes === 0 && (method === "GET" || method === "POST"))
      this.#sell(response, head, ANONYMOUS);
    else this.#buyAsAsked(request, response, head, "");
  }

  /** What to sell stands in the body; a query may name the sale too. */
  #buyAsAsked(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    query: string,
  ): void {
    const { method } = request;
    if (method !== "GET" && method !== "POST") {
      this.#notAllowed(response, head, "GET, POST");
      return;
    }
    this.#withBody(request, response, head, (body) => {
      if (method === "GET" && head.bodyBytes !== 0)
        throw new BadRequest("body: a GET has none; send it with POST");
      checkSale(queryField(query, "sale"), this.#saleId);
      this.#sell(response, head, parseBuy(body, this.#saleId));
    });
  }

  /** The id is the body's; else the header's, which nginx gives to whoever has none; else new. */
  #sell(response: ServerResponse, head: RequestHead, asked: AskedToBuy): void {
    const caller = this.#caller(response, head);
    if (asked.id !== "") {
      this.#desk.buy(caller, asked.id, false, asked);
    } else if (head.requestId === "") {
      this.#desk.buy(caller, newId(), true, asked);
    } else if (isId(head.requestId)) {
      this.#desk.buy(caller, head.requestId, false, asked);
    } else {
      this.#refuse(response, head, httpError(400, "BADREQUEST", `X-Request-Id: ${ID_WANTED}`));
    }
  }

  #order(
    request: IncomingMessage,
    response: ServerResponse,
    encodedId: string,
    action: string | undefined,
  ): void {
    const head = readHead(request.rawHeaders);
    if (action !== undefined && action !== "pay" && action !== "cancel") {
      this.#notFound(request, response);
      return;
    }
    const wanted = action === undefined ? "GET" : "POST";
    if (request.method !== wanted) {
      this.#notAllowed(response, head, wanted);
      return;
    }
    this.#withBody(request, response, head, (body) => {
      const id = decoded(encodedId);
      if (id === undefined) throw new BadRequest("path: malformed percent-encoding");
      checkId("order id", id);
      if (action === "pay") {
        const paymentId = parsePay(body, id);
        this.#desk.pay(this.#caller(response, head), id, paymentId);
      } else if (action === "cancel") {
        parseCancel(body);
        this.#desk.cancel(this.#caller(response, head), id);
      } else {
        this.#desk.query(this.#caller(response, head), id);
      }
    });
  }

  /** Alive. A counter out of reach is no reason to be taken out: the other servers have the same. */
  #health(request: IncomingMessage, response: ServerResponse): void {
    const { isDraining, inFlight } = this.#desk.gauges();
    const status = isDraining ? "draining" : "ok";
    const body = JSON.stringify({ status, sale: this.#saleId, inFlight });
    this.#show(request, response, isDraining ? 503 : 200, body, "application/json");
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    this.#show(request, response, 200, this.#metrics.text(this.#desk.gauges()), METRICS_TYPE);
  }

  #show(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    body: string,
    contentType: string,
  ): void {
    const head = readHead(request.rawHeaders);
    if (request.method !== "GET" && request.method !== "HEAD") {
      this.#notAllowed(response, head, "GET, HEAD");
      return;
    }
    const answer = { status, body: bytesOf(body), headers: [] };
    respond(this.#caller(response, head), answer, contentType);
  }

  #withBody(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    use: (body: string) => void,
  ): void {
    if (head.bodyBytes === 0) {
      this.#checked(response, head, () => use(""));
      return;
    }
    readBody(request, head.bodyBytes, (body) => {
      this.#checked(response, head, () => {
        if (body instanceof BadRequest) throw body;
        use(body);
      });
    });
  }

  /** Runs `use`, and answers with what is wrong with the request if it says so. */
  #checked(response: ServerResponse, head: RequestHead, use: () => void): void {
    try {
      use();
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const { status, message } = error;
      this.#refuse(response, head, httpError(status, ERROR_NAMES[status], message));
    }
  }

  #notFound(request: IncomingMessage, response: ServerResponse): void {
    const answer = httpError(404, "NOTFOUND", "there is nothing at this path");
    this.#refuse(response, readHead(request.rawHeaders), answer);
  }

  #notAllowed(response: ServerResponse, head: RequestHead, allow: string): void {
    const answer = httpError(405, "BADMETHOD", `method: expected ${allow}`);
    this.#refuse(response, head, { ...answer, headers: ["Allow", allow] });
  }

  #refuse(response: ServerResponse, head: RequestHead, answer: HttpAnswer): void {
    this.#metrics.refused(answer.status);
    respond(this.#caller(response, head), answer);
  }

  #caller(response: ServerResponse, { requestId }: RequestHead): Caller {
    return { response, requestId, isLast: this.#desk.isDraining };
  }
}
