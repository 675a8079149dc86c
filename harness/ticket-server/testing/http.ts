/** Requests as tests send them: one by one, or as raw bytes. */
import { request } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; null if it is none. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface Ask {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Over a connection of its own, with `path` as it is for the request's target. Rejects if that breaks. */
export function ask(url: string, method: string, path: string, more: Ask = {}): Promise<HttpReply> {
  const { body = "", headers = {} } = more;
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      {
        method,
        path,
        agent: false,
        headers: { "Content-Length": Buffer.byteLength(body), ...headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.once("error", reject);
        response.once("end", () => {
          const isJson = response.headers["content-type"]?.startsWith("application/json") ?? false;
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text,
            body: isJson && text !== "" ? (JSON.parse(text) as HttpReply["body"]) : null,
          });
        });
      },
    );
    asking.once("error", reject);
    asking.end(body);
  });
}

/** A connection on which a test writes what it likes; `text` is all that came back so far. */
export class RawConnection {
  readonly socket: Socket;
  text = "";
  isEnded = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => (this.text += part));
    socket.once("close", () => (this.isEnded = true));
    // A server may reset what it no longer wants to read.
    socket.on("error", () => {});
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new RawConnection(socket)));
    });
  }

  /** The status codes of the answers so far. */
  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3})/gu)].map(([, status]) => Number(status));
  }
}
