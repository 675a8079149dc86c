/** Does one thing after the other, whatever becomes of each. */
export class InTurn {
  #last: Promise<void> = Promise.resolve();

  /** `act`, when everything before it is done. Rejects if `act` does; the next one only waits. */
  next(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }
}
