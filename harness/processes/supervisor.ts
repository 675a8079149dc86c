/**
 * What becomes of a process that dies though nobody here asked for it.
 *
 * Whom somebody outside has ended, by `kill` or for want of memory, is started again, as on any
 * machine in production; the sale has to bear it. Whoever ends itself has a defect.
 */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { reasonOf } from "../../sim/cli/input-file.ts";

/** Just one of the two is null. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface OutsideDeath {
  readonly process: string;
  /** null if it ended in order, as SIGTERM asks it to. */
  readonly signal: NodeJS.Signals | null;
  /** On the clock of `performance.now()`. */
  readonly monotonicMs: number;
}

export interface Restartable {
  readonly name: string;
  startAgain(): Promise<void>;
}

/** In one run; whoever kills more often wants to see what happens without. */
export const RESTARTS_MAX = 10;

/** Signals that a process sends itself, or gets for what it has done. */
const OF_ITS_OWN: readonly (NodeJS.Signals | null)[] = [
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGSYS",
  "SIGTRAP",
];

/**
 * How a process ends that was told to by SIGTERM or SIGINT: in order, with somebody left without an
 * answer, or at once because it was told twice.
 */
const TOLD_TO_END: readonly (number | null)[] = [
  EXIT.passed,
  EXIT.noProgress,
  EXIT.interrupted,
  // As shells report SIGTERM.
  128 + 15,
];

export function isFromOutside({ code, signal }: Death): boolean {
  return signal === null ? TOLD_TO_END.includes(code) : !OF_ITS_OWN.includes(signal);
}

export class Supervisor {
  readonly #note: (line: string) => void;
  readonly deaths: OutsideDeath[] = [];
  /** Deaths that nothing outside explains, and what could not be started again, as sentences. */
  readonly defects: string[] = [];
  /** How many are being started again now. */
  restarting = 0;

  /** @param note hears of each restart, in one line */
  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  died(machine: Restartable, death: Death): void {
    const { name } = machine;
    const { code, signal } = death;
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
    if (!isFromOutside(death)) {
      this.defects.push(`${name} ${how}, which no fault asked for (see its log)`);
      return;
    }
    this.deaths.push({ process: name, signal, monotonicMs: performance.now() });
    if (this.deaths.length > RESTARTS_MAX) {
      this.defects.push(`${name} ${how} after ${RESTARTS_MAX} restarts, and was not started again`);
      return;
    }
    this.#note(`${name} ${how} from outside: it is started again`);
    void this.#restart(machine);
  }

  async #restart(machine: Restartable): Promise<void> {
    this.restarting += 1;
    try {
      await machine.startAgain();
    } catch (error) {
      this.defects.push(`${machine.name} could not be started again: ${reasonOf(error)}`);
    } finally {
      this.restarting -= 1;
    }
  }
}
