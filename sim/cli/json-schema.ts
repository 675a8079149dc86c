/** `--print-schema`: our schemas as JSON Schema, for editors and other programs. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { FaultPlanSchema } from "../faults/vocabulary.ts";
import { ReproSchema } from "../repro.ts";
import { ScenarioSchema } from "../scenario/schema.ts";
import type { SchemaName } from "./flags.ts";

const SCHEMAS = { scenario: ScenarioSchema, faults: FaultPlanSchema, repro: ReproSchema };

/** Draft 2020-12. Rules between fields (as least <= most) cannot be said in it and are left out. */
export function jsonSchema(name: SchemaName): unknown {
  return {
    title: name,
    ...toJsonSchema(SCHEMAS[name], {
      target: "draft-2020-12",
      typeMode: "input",
      errorMode: "ignore",
    }),
  };
}
