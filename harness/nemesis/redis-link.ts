/**
 * The way from one process to Redis, on which messages are lost, repeated and delayed.
 *
 * TCP does not lose a message: it delivers it, or the connection breaks. So here a lost message
 * takes its connection with it, and whatever else was under way on it. A cut that heals later
 * breaks the connections that lost something when it heals.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Stream } from "../../sim/kernel/random.ts";
import { DelayLine } from "./delay-line.ts";
import { breakAll, Listener, tie } from "./link.ts";
import type { Endpoint } from "./link.ts";
import { commandName, isNoScript, isPush, RespFrames } from "./resp-frames.ts";

/** What happens to messages; the same for all links, and changed while they run. */
export interface RedisWeather {
  /** Probabilities for each call. */
  requestsLost: number;
  repliesLost: number;
  duplicates: number;
  /** Each way. */
  delayMs: number;
}

export interface Cut {
  readonly requests: boolean;
  readonly replies: boolean;
}

export const NOT_CUT: Cut = { requests: false, replies: false };

/** The commands that carry calls; the others set a connection up, and a client needs those. */
const SCRIPTS: ReadonlySet<string> = new Set(["EVALSHA", "EVAL"]);
const CALLS: ReadonlySet<string> = new Set([
  ...SCRIPTS,
  "XREADGROUP",
  "XAUTOCLAIM",
  "XACK",
  "XTRIM",
]);

const PURPOSE_REQUEST = 0;
const PURPOSE_REPLY = 1;
const PURPOSE_DUPLICATE = 2;

export class RedisLink {
  readonly #redis: Endpoint;
  readonly #weather: RedisWeather;
  readonly #draws: Stream;
  readonly #listener = new Listener((client) => void this.#connections.add(this.#join(client)));
  readonly #connections = new Set<Connection>();
  #calls = 0;
  #cut: Cut = NOT_CUT;
  #onReply: (() => void) | null = null;

  constructor(redis: Endpoint, weather: RedisWeather, draws: Stream) {
    this.#redis = redis;
    this.#weather = weather;
    this.#draws = draws;
  }

  /** Where the process finds Redis. */
  get address(): Endpoint {
    return this.#listener.address;
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  /** Which ways are cut from now on. */
  set cut(cut: Cut) {
    this.#cut = cut;
    if (cut.requests || cut.replies) return;
    for (const connection of this.#connections) connection.breakIfItLostSomething();
  }

  /**
   * Calls `act` once, when Redis has answered the next script call, and loses that answer. null
   * takes it back.
   */
  atNextReply(act: (() => void) | null): void {
    this.#onReply = act;
  }

  close(): void {
    this.#listener.close();
  }

  #join(client: Socket): Connection {
    const connection = new Connection(client, connect({ ...this.#redis, noDelay: true }), {
      weather: this.#weather,
      cut: () => this.#cut,
      draw: (call, probability, purpose) => this.#draws.chance(call, probability, purpose),
      nextCall: () => (this.#calls += 1),
      takeReply: () => {
        const act = this.#onReply;
        this.#onReply = null;
        act?.();
        return act !== null;
      },
    });
    client.once("close", () => this.#connections.delete(connection));
    return connection;
  }
}

interface Circumstances {
  readonly weather: RedisWeather;
  readonly cut: () => Cut;
  readonly draw: (call: number, probability: number, purpose: number) => boolean;
  /** Numbers the calls of a link, for their draws. */
  readonly nextCall: () => number;
  /** True if somebody waited for this reply of a script, and it is to be lost. */
  readonly takeReply: () => boolean;
}

/** A reply that Redis owes. */
interface Owed {
  /** 0: it answers no call. */
  readonly call: number;
  readonly ofScript: boolean;
  /** The second answer to a call that was sent twice. */
  readonly unwanted: boolean;
}

class Connection {
  readonly #client: Socket;
  readonly #redis: Socket;
  readonly #circumstances: Circumstances;
  readonly #there = new DelayLine();
  readonly #back = new DelayLine();
  readonly #owed: Owed[] = [];
  #hasLost = false;

  constructor(client: Socket, redis: Socket, circumstances: Circumstances) {
    this.#client = client;
    this.#redis = redis;
    this.#circumstances = circumstances;
    tie(client, redis);
    client.once("close", () => {
      this.#there.clear();
      this.#back.clear();
    });
    const requests = new RespFrames();
    client.on("data", (chunk: Buffer) => {
      for (const frame of requests.push(chunk)) this.#request(frame);
    });
    const replies = new RespFrames();
    redis.on("data", (chunk: Buffer) => {
      for (const frame of replies.push(chunk)) this.#reply(frame);
    });
  }

  breakIfItLostSomething(): void {
    if (this.#hasLost) breakAll(this.#client, this.#redis);
  }

  #request(frame: Buffer): void {
    const { weather, cut, draw, nextCall } = this.#circumstances;
    const name = commandName(frame);
    const ofScript = SCRIPTS.has(name);
    const call = CALLS.has(name) ? nextCall() : 0;
    const isLost = call > 0 && draw(call, weather.requestsLost, PURPOSE_REQUEST);
    const isTwice = ofScript && draw(call, weather.duplicates, PURPOSE_DUPLICATE);
    this.#there.after(weather.delayMs, () => {
      if (cut().requests) {
        this.#hasLost = true;
      } else if (isLost) {
        breakAll(this.#client, this.#redis);
      } else {
        this.#redis.write(frame);
        this.#owed.push({ call, ofScript, unwanted: false });
        if (!isTwice) return;
        this.#redis.write(frame);
        this.#owed.push({ call: 0, ofScript: false, unwanted: true });
      }
    });
  }

  #reply(frame: Buffer): void {
    const { weather, cut, draw, takeReply } = this.#circumstances;
    const owed = isPush(frame) ? undefined : this.#owed.shift();
    if (owed?.unwanted === true) return;
    const isLost =
      owed !== undefined && owed.call > 0 && draw(owed.call, weather.repliesLost, PURPOSE_REPLY);
    this.#back.after(weather.delayMs, () => {
      if (cut().replies) this.#hasLost = true;
      else if (isLost || (owed?.ofScript === true && !isNoScript(frame) && takeReply()))
        breakAll(this.#client, this.#redis);
      else this.#client.write(frame);
    });
  }
}
