/** A real nginx of its own: configuration, clock and socket in a temporary folder. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requireFile, requireProgram } from "../../harness/provision/system-package.ts";

/** Where nginx's wall clock starts. Nothing depends on the date. */
const CLOCK_START_MS = Date.UTC(2030, 0, 1);
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 2_000;

/** What libfaketime reads; nginx clears its environment but for what `env` names. */
const FAKETIME_VARIABLES = [
  "LD_PRELOAD",
  "FAKETIME_TIMESTAMP_FILE",
  "FAKETIME_NO_CACHE",
  "FAKETIME_DONT_FAKE_MONOTONIC",
  "TZ",
] as const;

export interface LiveResponse {
  readonly status: number;
  readonly tries: string[];
  readonly upstreamStatus: string[];
  /** Process id of the worker. */
  readonly worker: number;
}

export interface LiveRequest {
  readonly path: string;
  readonly method: string;
  /** Taken for the client's address. */
  readonly ip: string;
}

export interface LiveNginxConfig {
  readonly workerProcesses: number;
  /** Lines of the `upstream` block. */
  readonly upstream: readonly string[];
  /** Lines of the `location` that passes to it. */
  readonly location: readonly string[];
}

/** The name of the upstream block, shown in $upstream_addr when no server is live. */
export const LIVE_UPSTREAM_NAME = "live";

/** "1.22.1", of the binary that would be started; installs it if need be. */
export function liveNginxVersion(): string {
  const { stderr } = spawnSync(requireProgram("nginx", "nginx"), ["-v"], { encoding: "utf8" });
  return /nginx\/(\S+)/.exec(stderr)?.[1] ?? stderr.trim();
}

export class LiveNginx {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #killOnExit = (): void => void this.#process.kill("SIGTERM");

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#process = child;
    this.#exited = new Promise((resolve) => child.once("exit", () => resolve()));
    process.once("exit", this.#killOnExit);
  }

  /**
   * Starts nginx and waits until it accepts connections.
   * @throws MissingProgram if nginx or libfaketime is missing and cannot be installed
   */
  static async start(config: LiveNginxConfig): Promise<LiveNginx> {
    const binary = requireProgram("nginx", "nginx");
    const faketime = requireFaketime();
    const folder = mkdtempSync(join(tmpdir(), "live-nginx-"));
    writeFileSync(join(folder, "nginx.conf"), configText(folder, config));
    setClock(folder, 0);
    const child = spawn(binary, ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], {
      stdio: "ignore",
      env: {
        LD_PRELOAD: faketime,
        FAKETIME_TIMESTAMP_FILE: join(folder, "clock"),
        // The clock is read at every call, and stands still in between.
        FAKETIME_NO_CACHE: "1",
        // Timeouts keep running in real time.
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        TZ: "UTC",
      },
    });
    const nginx = new LiveNginx(folder, child);
    try {
      await nginx.#untilReady();
    } catch (error) {
      await nginx.stop();
      throw error;
    }
    return nginx;
  }

  /** Sets nginx's wall clock, in whole seconds since it was started; it does not move by itself. */
  setClock(seconds: number): void {
    setClock(this.#folder, seconds);
  }

  request({ path, method, ip }: LiveRequest): Promise<LiveResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        socketPath: join(this.#folder, "nginx.sock"),
        path,
        method,
        headers: { "X-Forwarded-For": ip, "Content-Length": 0 },
        agent: false,
      });
      outgoing.once("error", reject);
      outgoing.once("response", (response) => {
        response.resume();
        response.once("error", reject);
        response.once("end", () => {
          const header = (name: string): string => String(response.headers[name] ?? "");
          resolve({
            status: response.statusCode ?? 0,
            tries: header("x-upstream-addr").split(", "),
            upstreamStatus: header("x-upstream-status").split(", "),
            worker: Number(header("x-worker")),
          });
        });
      });
      outgoing.end();
    });
  }

  async stop(): Promise<void> {
    process.removeListener("exit", this.#killOnExit);
    this.#process.kill("SIGTERM");
    const hasExited = this.#exited.then(() => true);
    if (!(await Promise.race([hasExited, sleep(STOP_TIMEOUT_MS, false, { ref: false })]))) {
      this.#process.kill("SIGKILL");
      await this.#exited;
    }
    // What libfaketime leaves behind would stop a later process that happens to get the same id.
    rmSync(`/dev/shm/faketime_shm_${this.#process.pid}`, { force: true });
    rmSync(`/dev/shm/sem.faketime_sem_${this.#process.pid}`, { force: true });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.request({ path: "/ready", method: "GET", ip: "127.0.0.1" });
        return;
      } catch {
        if (this.#process.exitCode !== null || performance.now() > deadline) {
          throw new Error(`nginx did not start:\n${this.#log()}`);
        }
        await sleep(5);
      }
    }
  }

  #log(): string {
    try {
      return readFileSync(join(this.#folder, "error.log"), "utf8");
    } catch {
      return "(no error log)";
    }
  }
}

function requireFaketime(): string {
  const multiarch = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  return requireFile(
    "libfaketime",
    [
      `/usr/lib/${multiarch}/faketime/libfaketime.so.1`,
      "/usr/lib64/faketime/libfaketime.so.1",
      "/usr/local/lib/faketime/libfaketime.so.1",
    ],
    "libfaketime",
  );
}

/** A rename, so that nginx never reads half a line. */
function setClock(folder: string, seconds: number): void {
  const text = new Date(CLOCK_START_MS + seconds * 1000).toISOString().slice(0, 19);
  writeFileSync(join(folder, "clock.new"), text.replace("T", " "));
  renameSync(join(folder, "clock.new"), join(folder, "clock"));
}

function configText(folder: string, config: LiveNginxConfig): string {
  return `daemon off;
master_process ${config.workerProcesses > 1 ? "on" : "off"};
worker_processes ${config.workerProcesses};
user root;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
${lines(
  "",
  FAKETIME_VARIABLES.map((name) => `env ${name}`),
)}
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream ${LIVE_UPSTREAM_NAME} {
${lines("    ", config.upstream)}
  }
  server {
    listen unix:${folder}/nginx.sock;
    set_real_ip_from unix:;
    real_ip_header X-Forwarded-For;
    location = /ready { return 204; }
    location / {
      proxy_pass http://${LIVE_UPSTREAM_NAME};
      add_header X-Upstream-Addr $upstream_addr always;
      add_header X-Upstream-Status $upstream_status always;
      add_header X-Worker $pid always;
${lines("      ", config.location)}
    }
  }
}
`;
}

function lines(indent: string, text: readonly string[]): string {
  return text.map((line) => `${indent}${line};`).join("\n");
}
