import { expect, test } from "vitest";
import { jsonSchema } from "./json-schema.ts";

test.each(["scenario", "faults", "repro"] as const)("%s refuses unknown keys", (name) => {
  expect(jsonSchema(name)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: name,
    type: "object",
    additionalProperties: false,
  });
});

test("a field's bounds are said", () => {
  expect(jsonSchema("scenario")).toMatchObject({
    properties: {
      buyers: { properties: { count: { type: "integer", minimum: 1, maximum: 1_000_000_000 } } },
    },
  });
});
