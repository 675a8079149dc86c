/**
 * The order's event follows with the server's next call: a server that dies in between leaves a
 * reservation of which no order will ever come.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "49",
  title: "enqueue as a second step",
  breaks: ["one-order"],
  typescript: [
    twin(
      "reserve.ts",
      "/** A tombstone was never asked",
      `/** Events that wait for the next call of the server that owes them. */
const owed = new WeakMap<CounterState, Map<string, { id: string; row: Row }[]>>();

function owedBy(state: CounterState, server: string, incarnation: number) {
  const all = owed.get(state) ?? new Map<string, { id: string; row: Row }[]>();
  owed.set(state, all);
  const process = \`\${server}/\${incarnation}\`;
  const own = all.get(process) ?? [];
  all.set(process, own);
  return own;
}

/** A tombstone was never asked`,
    ),
    twin(
      "reserve.ts",
      'emit(state, "H", id, row, "");',
      "planted();\n  owedBy(state, server, incarnation).push({ id, row });",
    ),
    twin(
      "reserve.ts",
      "const results = items.map(",
      `for (const { id, row } of owedBy(state, server, incarnation).splice(0))
    emit(state, "H", id, row, "");
  const results = items.map(`,
    ),
  ],
  lua: [
    lua(
      "reserve.lua",
      "emit('H', id, row, '')",
      `planted()
  redis.call('RPUSH', KEY_OUTBOX .. server .. incarnation, id, rows[id])`,
    ),
    lua(
      "reserve.lua",
      "local results = {}",
      `-- Events that wait for the next call of the server that owes them.
local owed = redis.call('LRANGE', KEY_OUTBOX .. server .. incarnation, 0, -1)
for i = 1, #owed, 2 do appendPair(events, owed[i], owed[i + 1]) end
redis.call('DEL', KEY_OUTBOX .. server .. incarnation)
local results = {}`,
    ),
  ],
};

export default await breed(mutant);
