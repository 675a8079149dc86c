/**
 * What a station did to those who came: how long they waited, how many there were at once.
 *
 * Two books are kept apart: one entry per request from the station's own plan (when it starts,
 * when it is done), and the time-integral of the number in the system from the moments at which
 * requests really come and go. By Little's law both must agree on a run that ends empty.
 */
import { EventQueue } from "../kernel/event-queue.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { StationSummary } from "../result.ts";
import { NS_PER_US } from "./world.ts";

/** The one kind of event that a meter knows. */
const DEPARTURE = 0;

export class StationMeter {
  readonly #sojourns = new Histogram();
  /** Let in so far. */
  arrivals = 0;
  /** In the station now. */
  present = 0;
  #refused = 0;
  #waited = 0;
  #waitNs = 0;
  #sojournNs = 0;
  /** Sum of departure times less sum of arrival times; exact in integers. */
  #areaNs = 0;
  #presentMax = 0;
  #peak = 0;
  #lastNs = 0;
  /** Departures to come that no event tells of; told nearly in order, so they have a lane. */
  readonly #toLeave = new EventQueue([DEPARTURE]);

  /** A request is turned away at the door. */
  refuses(): void {
    this.#refused += 1;
  }

  /** A request joins the station at `atNs`. */
  joins(atNs: number): void {
    this.#letGo(atNs);
    this.#areaNs -= atNs;
    this.present += 1;
    if (this.present > this.#presentMax) this.#presentMax = this.present;
    if (this.present > this.#peak) this.#peak = this.present;
  }

  /** The plan for a request: it comes, its service starts, and is done. */
  plans(arrivalNs: number, startNs: number, doneNs: number): void {
    this.arrivals += 1;
    if (startNs > arrivalNs) this.#waited += 1;
    this.#waitNs += startNs - arrivalNs;
    this.#sojournNs += doneNs - arrivalNs;
    this.#sojourns.record((doneNs - arrivalNs) / NS_PER_US);
  }

  /** A request leaves the station at `atNs`. */
  leaves(atNs: number): void {
    this.#areaNs += atNs;
    this.present -= 1;
    if (atNs > this.#lastNs) this.#lastNs = atNs;
  }

  /** The same, told in advance: until `atNs` it is in the station. */
  leavesAt(atNs: number): void {
    this.#toLeave.push(atNs, DEPARTURE, 0, 0);
  }

  /** The most that were in the station at once since it was last asked; `nowNs` never goes back. */
  takePeak(nowNs: number): number {
    this.#letGo(nowNs);
    const peak = this.#peak;
    this.#peak = this.present;
    return peak;
  }

  #letGo(nowNs: number): void {
    while (this.#toLeave.peekTime() <= nowNs) {
      this.#toLeave.pop();
      this.leaves(this.#toLeave.time);
    }
  }

  summary(): StationSummary {
    // Whose departure is known leaves then, whenever the summary is made.
    this.#letGo(Number.MAX_VALUE);
    const each = (sum: number): number => (this.arrivals === 0 ? 0 : sum / this.arrivals);
    return {
      arrivals: this.arrivals,
      refused: this.#refused,
      waitedShare: each(this.#waited),
      waitMeanUs: each(this.#waitNs) / NS_PER_US,
      sojournMeanUs: each(this.#sojournNs) / NS_PER_US,
      sojournP99Us: this.#sojourns.interpolatedUs(0.99),
      // Whoever is still there has been there until the last departure, as far as anyone knows.
      inSystemMean:
        this.#lastNs === 0 ? 0 : (this.#areaNs + this.present * this.#lastNs) / this.#lastNs,
      inSystemMax: this.#presentMax,
      inSystemAtEnd: this.present,
      lastDepartureMs: this.#lastNs / 1_000_000,
    };
  }
}
