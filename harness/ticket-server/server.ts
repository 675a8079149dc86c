/** A ticket server: the HTTP server, the desk and the engine's driver, put together. */
import { once } from "node:events";
import { createServer, Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerConfig, Strategy } from "../../core/strategy.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { Desk } from "./desk.ts";
import { drain } from "./drain.ts";
import { Driver } from "./driver.ts";
import type { CounterPort, DatabasePort } from "./driver.ts";
import { Metrics } from "./metrics.ts";
import { BUY_PATH, Router } from "./router.ts";
import { spin } from "./spin.ts";
import type { StatLog } from "./stat-log.ts";

export interface TicketServerParts {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly config: ServerConfig;
  readonly strategy: Strategy;
  readonly counter: CounterPort | null;
  readonly database: DatabasePort | null;
  readonly statLog: StatLog | null;
  /** See TicketServerConfig. */
  readonly calibrationSpinUs?: number;
}

export interface RunningTicketServer {
  readonly host: string;
  readonly port: number;
  /**
   * Stops accepting and admitting, waits until every request in flight has its answer, and closes.
   * Resolves with the number of requests that it could not answer in time: 0, unless a call takes
   * longer than its own time limit.
   */
  drain(): Promise<number>;
}

/** A request must be complete within this time, its headers within the second. */
const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than nginx keeps a connection idle (60 s), so that it is nginx who closes it. */
const KEEP_ALIVE_MS = 75_000;
const BACKLOG = 4096;

/** @throws EnvironmentError if it cannot listen there */
export async function startTicketServer(parts: TicketServerParts): Promise<RunningTicketServer> {
  const { config, strategy, counter, database, statLog, calibrationSpinUs = 0 } = parts;
  const { name, incarnation, sale } = config;
  const metrics = new Metrics({
    server: name,
    incarnation,
    sale: sale.saleId,
    strategy: strategy.name,
  });
  const desk = new Desk({
    createDriver: (answered) =>
      new Driver({ strategy, config, counter, database, answered, observer: metrics }),
    metrics,
    statLog,
    // The others keep no rows by id, or check the id in the order database before anything else.
    remembers: strategy.counter.outbox !== null,
  });
  const router = new Router(desk, metrics, sale.saleId);
  const http = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, noDelay: true },
    calibrationSpinUs === 0
      ? (request, response) => router.route(request, response)
      : (request, response) => {
          if (request.url === BUY_PATH) spin(calibrationSpinUs);
          router.route(request, response);
        },
  );
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  const { port } = await listen(http, parts.host, parts.port);
  if (statLog !== null) statLog.port = port;
  desk.start();
  return {
    host: parts.host,
    port,
    drain: async () => {
      const unanswered = await drain(http, desk);
      desk.stop();
      metrics.close();
      await statLog?.close();
      return unanswered;
    },
  };
}

async function listen(http: HttpServer, host: string, port: number): Promise<AddressInfo> {
  http.listen({ host, port, backlog: BACKLOG });
  try {
    await once(http, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(
      code === "EADDRINUSE"
        ? `port ${port} of ${host} is taken; choose another with --port`
        : `cannot listen on port ${port} of ${host}: ${message}`,
    );
  }
  return http.address() as AddressInfo;
}
