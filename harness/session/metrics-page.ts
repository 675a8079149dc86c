/** Numbers of a ticket server's own page /metrics. */
import { request } from "node:http";

const TIMEOUT_MS = 5000;

/** Sums of all samples of each name, by name and, for those asked for, by label. */
export class MetricsPage {
  readonly #samples: { readonly name: string; readonly labels: string; readonly value: number }[] =
    [];

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/u.exec(line) ?? [];
      if (name !== undefined) this.#samples.push({ name, labels, value: Number(value) });
    }
  }

  /** The sum over all samples of that name whose labels contain `label`, as `status="404"`. */
  sum(name: string, label = ""): number {
    return this.#samples
      .filter((sample) => sample.name === name && sample.labels.includes(label))
      .reduce((sum, { value }) => sum + value, 0);
  }
}

/** Asks `server` (base URL) for its page. Rejects if it does not answer. */
export function readMetrics(server: string): Promise<MetricsPage> {
  return new Promise((resolve, reject) => {
    const asking = request(`${server}/metrics`, { agent: false, timeout: TIMEOUT_MS }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.once("error", reject);
      answer.once("end", () => resolve(new MetricsPage(text)));
    });
    asking.once("timeout", () => asking.destroy(new Error(`${server} does not answer`)));
    asking.once("error", reject);
    asking.end();
  });
}
