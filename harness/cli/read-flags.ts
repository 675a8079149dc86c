/** Reads a command line by a table of flags, from which the help is made too. */
import { parseArgs } from "node:util";
import { nearest } from "../../sim/cli/nearest.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";

export interface Flag {
  /** What the value is called in the help; absent: the flag takes none. */
  readonly value?: string;
  readonly short?: string;
  /** May be given more than once. */
  readonly repeats?: true;
  readonly help: string;
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** What was given. A flag that is given twice counts the last time, unless it may be repeated. */
export class GivenFlags {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    this.#values.set(name, [...this.all(name), value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | null {
    return this.all(name).at(-1) ?? null;
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** @throws UsageError if it is not a whole number between the two. */
  whole(name: string, least: number, most: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = /^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(
      `--${name}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`,
    );
  }
}

/**
 * @param absent Flags of a sister command that make no sense here, with the reason.
 * @throws UsageError that names the argument and says what would be right.
 */
export function readFlags(
  argv: readonly string[],
  table: FlagTable,
  absent: Readonly<Record<string, string>> = {},
): GivenFlags {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(table).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
    // It splits the arguments; what is wrong with them is for us to say.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new GivenFlags();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      throw new UsageError(
        `unexpected argument ${JSON.stringify(token.value)}; every input has a flag ` +
          "(--help lists them all)",
      );
    const { name, rawName, value } = token;
    if (Object.hasOwn(absent, name)) throw new UsageError(`${rawName}: ${absent[name]}`);
    if (!Object.hasOwn(table, name)) throw unknownFlag(name, rawName, table);
    const flag = table[name];
    if (flag.value === undefined) {
      if (value !== undefined)
        throw new UsageError(`--${name}: takes no value, got ${JSON.stringify(value)}`);
    } else if (value === undefined || (!token.inlineValue && /^--?[a-z]/u.test(value))) {
      throw new UsageError(`--${name}: expected a value: --${name} ${flag.value}`);
    } else if (value === "") {
      throw new UsageError(`--${name}: expected ${flag.value}, got ""`);
    }
    given.add(name, value ?? "");
  }
  return given;
}

function unknownFlag(name: string, rawName: string, table: FlagTable): UsageError {
  const meant = nearest(name, Object.keys(table));
  const advice = meant === undefined ? "--help lists them all" : `did you mean --${meant}?`;
  return new UsageError(`unknown flag ${rawName}; ${advice}`);
}

/** The flags with their help in two columns. */
export function flagsText(table: FlagTable): string[] {
  const rows = Object.entries(table).map(([name, { value, short, help }]) => {
    const shortcut = short === undefined ? "" : `-${short}, `;
    return [`${shortcut}--${name}${value === undefined ? "" : ` ${value}`}`, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
}
