/**
 * A run in the Chrome Trace Event format, which Perfetto (ui.perfetto.dev) opens: faults as slices
 * on the tracks of the machines they hit, tickets held and confirmed as counters, answers as
 * counters, and what changed stock or money as instants.
 *
 * Perfetto loads the whole file into memory, so instants are bounded in number, and answers, of
 * which there are as many as buyers, are only counted. `--trace FILE.jsonl` has everything.
 */
import { DOMAIN_EVENTS } from "../../kernel/trace.ts";
import type { DomainEvent } from "../../kernel/trace.ts";
import { targetNames } from "../../faults/targets.ts";
import type { RunConfig, SimulationResult } from "../../result.ts";
import { buildTopology } from "../../world/topology.ts";
import { grouped } from "../text/format.ts";
import { AnswerCounter } from "./answer-counter.ts";
import { TextFile } from "./text-file.ts";
import type { TraceFile } from "./trace-file.ts";

const INSTANTS_MAX = 400_000;
/** Process 1 is the sale; each machine that a fault hits is a process of its own. */
const SALE_PROCESS = 1;
const FIRST_MACHINE_PROCESS = 2;

export class ChromeTrace implements TraceFile {
  readonly #name: string;
  readonly #file: TextFile;
  readonly #config: RunConfig;
  /** By episode: the process that stands for the machine. */
  readonly #processOf: readonly number[];
  readonly #answers = new AnswerCounter();
  #first = true;
  #instants = 0;
  #leftOut = 0;

  constructor(name: string, config: RunConfig) {
    this.#name = name;
    this.#file = new TextFile(name);
    this.#config = config;
    this.#file.write('{"displayTimeUnit":"ms","traceEvents":[');
    this.#metadata("process_name", SALE_PROCESS, 0, `sale of ${config.scenario.name}`);
    DOMAIN_EVENTS.forEach((kind, thread) => {
      if (isInstant(kind)) this.#metadata("thread_name", SALE_PROCESS, thread, kind);
    });
    this.#processOf = this.#nameMachines();
  }

  event(timeNs: number, kind: DomainEvent, entity: number, sequence: number, detail: string): void {
    if (kind === "answered") this.#answers.add(timeNs, detail);
    else if (kind === "fault") this.#fault(timeNs, entity, sequence === 1);
    else if (this.#instants >= INSTANTS_MAX) this.#leftOut += 1;
    else {
      this.#instants += 1;
      this.#write({
        ph: "i",
        s: "t",
        name: detail === "" ? kind : detail,
        pid: SALE_PROCESS,
        tid: DOMAIN_EVENTS.indexOf(kind),
        ts: timeNs / 1000,
        args: { entity, sequence },
      });
    }
  }

  finish(result: SimulationResult): string | null {
    const { atMs: stepsMs, held, confirmed } = result.stock;
    stepsMs.forEach((stepMs, step) => {
      const args = { confirmed: confirmed[step], held: held[step] };
      this.#write({
        ph: "C",
        name: "tickets",
        pid: SALE_PROCESS,
        ts: stepMs * 1000,
        args,
      });
    });
    for (const { atMs, counts } of this.#answers.samples())
      this.#write({
        ph: "C",
        name: "answers",
        pid: SALE_PROCESS,
        ts: atMs * 1000,
        args: counts,
      });
    const otherData = {
      seed: result.seed,
      scenario: result.scenario,
      strategy: result.strategy,
      verdict: result.verdict,
      traceHash: result.traceHash,
      instantsLeftOut: this.#leftOut,
    };
    this.#file.write(`\n],"otherData":${JSON.stringify(otherData)}}\n`);
    this.#file.close();
    if (this.#leftOut === 0) return null;
    return (
      `${this.#name}: ${grouped(this.#leftOut)} events were left out to keep it small enough to ` +
      `open; a trace to FILE.jsonl has all of them`
    );
  }

  #nameMachines(): number[] {
    const topology = buildTopology(this.#config.scenario);
    const names: string[] = [];
    return this.#config.plan.episodes.map(({ kind, target }) => {
      const machine =
        (target === undefined ? undefined : targetNames(kind, topology)?.[target]) ??
        kind.slice(0, kind.indexOf("-"));
      if (!names.includes(machine)) {
        names.push(machine);
        this.#metadata("process_name", FIRST_MACHINE_PROCESS + names.length - 1, 0, machine);
      }
      return FIRST_MACHINE_PROCESS + names.indexOf(machine);
    });
  }

  /** Asynchronous slices, because two faults of one machine may overlap without nesting. */
  #fault(timeNs: number, episode: number, begins: boolean): void {
    const { kind } = this.#config.plan.episodes[episode];
    this.#write({
      ph: begins ? "b" : "e",
      cat: "fault",
      id: episode,
      name: kind,
      pid: this.#processOf[episode],
      tid: 0,
      ts: timeNs / 1000,
    });
  }

  #metadata(what: "process_name" | "thread_name", pid: number, tid: number, name: string): void {
    this.#write({ ph: "M", name: what, pid, tid, args: { name } });
  }

  #write(event: Readonly<Record<string, unknown>>): void {
    this.#file.write(`${this.#first ? "" : ","}\n${JSON.stringify(event)}`);
    this.#first = false;
  }
}

function isInstant(kind: DomainEvent): boolean {
  return kind !== "answered" && kind !== "fault";
}
