import { describe, expect, test } from "vitest";
import type { ItemResult } from "../../../core/counter/calls.ts";
import type { NewScene } from "../contract.ts";
import type { Scene } from "../scene.ts";
import { START_MS, TTL_MS } from "../scene.ts";
import type { Cell, Operation, RowState } from "./cells.ts";
import { CELLS } from "./cells.ts";

const QTY = 2;
const REQUEST = { qty: QTY, buyer: "ann", maxPerBuyer: 4 };

export function tableContract(newScene: NewScene): void {
  describe("the state table", () => {
    test.each(CELLS.map((cell) => [nameOf(cell), cell] as const))("%s", async (_name, cell) => {
      const scene = await newScene().start(10);
      await bring(scene, cell.from);
      const before = (await scene.snapshot()).sale!;
      const eventsBefore = await scene.events();

      const result = await operate(scene, cell.operation);

      expect(result.code).toBe(cell.code);
      expect(result.state).toBe(cell.to);
      await expectRow(scene, cell, result);
      const soldBy = cell.sold ?? 0;
      const { sale, buyers } = await scene.snapshot();
      expect(sale!.sold).toBe(before.sold + soldBy);
      expect(sale!.generation).toBe(before.generation + (soldBy < 0 ? 1 : 0));
      expect(buyers).toEqual(sale!.sold === 0 ? [] : [["ann", sale!.sold]]);
      expect((await scene.events()).slice(eventsBefore.length)).toEqual(
        (cell.events ?? []).map(withId),
      );
      await scene.expectConserved();
    });
  });
}

function nameOf({ from, operation, code, to }: Cell): string {
  return `${from || "none"}, ${operation}: ${code}, then ${to || "none"}`;
}

/** "refund pay" as the outbox has it: kind, reservation, payment. */
function withId(event: string): string {
  const [kind, ...payment] = event.split(" ");
  return [kind, "r", ...payment].join(" ");
}

async function bring(scene: Scene, state: RowState): Promise<void> {
  if (state === "") return;
  if (state === "D") {
    await scene.settle("r");
    return;
  }
  await scene.reserve("r", REQUEST);
  if (state === "C" || state === "R") await scene.confirm("r", "first");
  if (state === "R") await scene.refund("r");
  if (state === "L") await scene.release("r");
  if (state === "X") {
    scene.nowMs += TTL_MS;
    await scene.sweep();
  }
}

async function operate(scene: Scene, operation: Operation): Promise<ItemResult> {
  switch (operation) {
    case "reserve":
      return scene.reserve("r", REQUEST);
    case "reserve another quantity":
      return scene.reserve("r", { ...REQUEST, qty: 1 });
    case "reserve for another buyer":
      return scene.reserve("r", { ...REQUEST, buyer: "bob" });
    case "confirm":
      return scene.confirm("r", "pay");
    case "confirm strictly, in time":
      scene.nowMs = START_MS + TTL_MS - 1;
      return scene.confirm("r", "pay", "strict");
    case "confirm strictly, too late":
      scene.nowMs = START_MS + TTL_MS;
      return scene.confirm("r", "pay", "strict");
    case "confirm lazily, too late":
      scene.nowMs = START_MS + TTL_MS + 1;
      return scene.confirm("r", "pay", "lazy");
    case "confirm with revive":
      return scene.confirm("r", "pay", "revive");
    case "deliver the payment again":
      return scene.confirm("r", "first", "revive");
    case "pay twice":
      return scene.confirm("r", "other");
    case "release":
      return scene.release("r");
    case "refund":
      return scene.refund("r");
    default:
      return scene.settle("r");
  }
}

/** The answer's row is the stored one, and the sets of times hold it exactly where they should. */
async function expectRow(scene: Scene, cell: Cell, result: ItemResult): Promise<void> {
  const { rows, deadlines, retired } = await scene.snapshot();
  expect(rows.map(([id, { state }]) => [id, state])).toEqual(
    cell.to === "" ? [] : [["r", cell.to]],
  );
  if (cell.to === "" || cell.to === "D") {
    expect(result).toMatchObject({ deadlineMs: 0, server: "", incarnation: 0, qty: 0 });
  } else {
    const deadlineMs = START_MS + TTL_MS;
    expect(result).toMatchObject({ deadlineMs, server: "s1", incarnation: 1, qty: QTY });
  }
  expect(deadlines).toEqual(cell.to === "H" ? [["r", START_MS + TTL_MS]] : []);
  expect(retired.map(([id]) => id)).toEqual("XLRD".includes(cell.to || "-") ? ["r"] : []);
}
