import { doubled, START } from "./typed-array.ts";

/**
 * Things under way, by number: numbers ascend from 1 and are never used again, so that whoever asks
 * for what is over learns that. A Map would do as well, but most of the time there are few things or
 * none, and a small Map gives its memory back at every deletion.
 */
export class Numbered<T> {
  #items = Array.from<T | undefined>({ length: START });
  /** Whose place each is, by a number's lowest bits. */
  #numbers = new Float64Array(START);
  #last = 0;

  /** Returns the number of `item`. */
  add(item: T): number {
    this.#last += 1;
    const number = this.#last;
    // The place may still be that of what has been under way for a whole turn: with twice the places
    // the two part.
    if (this.#items[this.#place(number)] !== undefined) this.#grow();
    const place = this.#place(number);
    this.#items[place] = item;
    this.#numbers[place] = number;
    return number;
  }

  get(number: number): T | undefined {
    const place = this.#place(number);
    return this.#numbers[place] === number ? this.#items[place] : undefined;
  }

  /** It is over; undefined if it was before. */
  remove(number: number): T | undefined {
    const item = this.get(number);
    if (item !== undefined) this.#items[this.#place(number)] = undefined;
    return item;
  }

  #place(number: number): number {
    return number & (this.#numbers.length - 1);
  }

  #grow(): void {
    const items = this.#items;
    const numbers = this.#numbers;
    this.#numbers = doubled(numbers);
    this.#items = Array.from<T | undefined>({ length: items.length * 2 });
    // By now every place has had a number, the last as many as there are places: no two meet again.
    items.forEach((item, place) => {
      const newPlace = this.#place(numbers[place]);
      this.#items[newPlace] = item;
      this.#numbers[newPlace] = numbers[place];
    });
  }
}
