/** Runs cells for as many seeds as an experiment asks for, each sale once, and remembers all of them. */
import { Randomness } from "../../sim/kernel/random.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { keyOf } from "./cell.ts";
import type { Cell, Subject } from "./cell.ts";
import type { Effort } from "./effort.ts";
import type { Pool } from "./pool.ts";
import type { Sale } from "./run-sale.ts";

/** A cell with all its sales so far, in the order of seeds. */
export interface CellRuns {
  readonly cell: Cell;
  readonly experiment: string;
  readonly sales: readonly Sale[];
}

interface Shelf {
  readonly cell: Cell;
  readonly experiment: string;
  readonly sales: Promise<Sale>[];
}

export class Lab {
  readonly subject: Subject;
  readonly effort: Effort;
  readonly #pool: Pool;
  readonly #random: Randomness;
  readonly #onSale: (weight: number) => void;
  readonly #shelves = new Map<string, Shelf>();
  #experiment = "";

  constructor(
    subject: Subject,
    effort: Effort,
    seed: bigint,
    pool: Pool,
    onSale: (weight: number) => void,
  ) {
    this.subject = subject;
    this.effort = effort;
    this.#pool = pool;
    this.#random = new Randomness(seed);
    this.#onSale = onSale;
  }

  get scenario(): Scenario {
    return this.subject.scenario;
  }

  /** Cells that run for the first time from now on belong to this experiment. */
  set experiment(name: string) {
    this.#experiment = name;
  }

  /** Seeds are the same for every cell, so that cells can be compared seed by seed. */
  seedOf(index: number): string {
    return String(this.#random.stream("report/seeds").bits(index) >>> 0);
  }

  /** The first `count` sales of a cell; `detailed` with their curves, if they were not run before. */
  async sales(cell: Cell, count: number, detailed = false): Promise<Sale[]> {
    const key = keyOf(cell);
    let shelf = this.#shelves.get(key);
    if (shelf === undefined) {
      shelf = { cell, experiment: this.#experiment, sales: [] };
      this.#shelves.set(key, shelf);
    }
    while (shelf.sales.length < count) {
      const task = { cell, seed: this.seedOf(shelf.sales.length), detailed };
      shelf.sales.push(
        this.#pool.run(task).then((sale) => {
          this.#onSale(1);
          return sale;
        }),
      );
    }
    return Promise.all(shelf.sales.slice(0, count));
  }

  /** Everything that was run, in the order in which it was first asked for. */
  async runs(): Promise<CellRuns[]> {
    return Promise.all(
      [...this.#shelves.values()].map(async ({ cell, experiment, sales }) => ({
        cell,
        experiment,
        sales: await Promise.all(sales),
      })),
    );
  }
}
