/** Reads a command line by a table of flags, from which the help is made too. */
import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { columns } from "./text/layout.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

interface Flag {
  /** What the value is called in the help; absent: the flag takes none. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

export type FlagTable<Name extends string = string> = Readonly<Record<Name, Flag>>;

/** What was given. A flag that is given twice counts the last time, unless all are asked for. */
export class GivenFlags<Name extends string> {
  readonly #values = new Map<Name, string[]>();

  add(name: Name, value: string): void {
    this.#values.set(name, [...this.all(name), value]);
  }

  has(name: Name): boolean {
    return this.#values.has(name);
  }

  text(name: Name): string | null {
    return this.all(name).at(-1) ?? null;
  }

  all(name: Name): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** @throws UsageError if it is not a whole number between the two. */
  whole(name: Name, least: number, most: number): number | null {
    const text = this.text(name);
    return text === null ? null : wholeNumber(`--${name}`, text, least, most);
  }
}

interface Advice {
  /** Flags of a sister command that make no sense here, with the reason. */
  readonly absent?: Readonly<Record<string, string>>;
  /** How an argument without a flag may have been meant. */
  readonly example?: string;
}

/** @throws UsageError that names the argument and says what would be right. */
export function readFlags<Name extends string>(
  argv: readonly string[],
  table: FlagTable<Name>,
  { absent = {}, example }: Advice = {},
): GivenFlags<Name> {
  const { tokens } = parseArgs({
    args: argv,
    options: Object.fromEntries(
      Object.entries<Flag>(table).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
    // It splits the arguments; what is wrong with them is for us to say.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new GivenFlags<Name>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      throw new UsageError(
        `unexpected argument ${JSON.stringify(token.value)}; every input has a flag` +
          `${example === undefined ? "" : `, as ${example}`} (--help lists them all)`,
      );
    const { name, rawName, value } = token;
    if (Object.hasOwn(absent, name)) throw new UsageError(`${rawName}: ${absent[name]}`);
    if (!isIn(table, name)) throw unknownFlag(name, rawName, table);
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

function isIn<Name extends string>(table: FlagTable<Name>, name: string): name is Name {
  return Object.hasOwn(table, name);
}

function unknownFlag(name: string, rawName: string, table: FlagTable): UsageError {
  const meant = nearest(name, Object.keys(table));
  const advice = meant === undefined ? "--help lists them all" : `did you mean --${meant}?`;
  return new UsageError(`unknown flag ${rawName}; ${advice}`);
}

/** The flags with their help in two columns. */
export function flagsText(table: FlagTable): string[] {
  return columns(
    Object.entries(table).map(([name, { value, short, help }]) => {
      const shortcut = short === undefined ? "" : `-${short}, `;
      return [`${shortcut}--${name}${value === undefined ? "" : ` ${value}`}`, help];
    }),
  );
}
