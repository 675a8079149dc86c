/** Answers per stretch of virtual time, by kind: as many numbers as stretches, not as buyers. */

const STRETCH_MS = 100;

export interface AnswerSample {
  readonly atMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

export class AnswerCounter {
  /** By answer: how many in each stretch. */
  readonly #counts = new Map<string, Map<number, number>>();

  add(timeNs: number, answer: string): void {
    const stretch = Math.floor(timeNs / (STRETCH_MS * 1e6));
    let counts = this.#counts.get(answer);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(answer, counts);
    }
    counts.set(stretch, (counts.get(stretch) ?? 0) + 1);
  }

  /** In the order of time, with zeros where a quiet stretch follows. */
  samples(): AnswerSample[] {
    const stretches = new Set<number>();
    for (const counts of this.#counts.values())
      for (const stretch of counts.keys()) stretches.add(stretch).add(stretch + 1);
    return [...stretches]
      .toSorted((a, b) => a - b)
      .map((stretch) => ({
        atMs: stretch * STRETCH_MS,
        counts: Object.fromEntries(
          [...this.#counts].map(([answer, counts]) => [answer, counts.get(stretch) ?? 0]),
        ),
      }));
  }
}
