import { expect, test } from "vitest";
import { sentenceFor, type FormField } from "./schemaWords";

const field = (more: Partial<FormField>): FormField => ({ name: "x", type: "string", default: null, required: false, secret: false, label: "X", help: "", ...more });
const said = (more: Partial<FormField>, value: unknown) => sentenceFor(field(more), value);

test("a description says what a value lacks", () => {
  expect(said({ required: true }, "")).toEqual(["form.wrong.required"]);
  expect(said({}, "")).toBeNull();
  expect(said({ type: "integer", minimum: 1, maximum: 9 }, 0)).toEqual(["form.wrong.least", { minimum: "1" }]);
  expect(said({ type: "integer", minimum: 1, maximum: 9 }, 10)).toEqual(["form.wrong.most", { maximum: "9" }]);
  expect(said({ pattern: "^[a-z]+$" }, "NOT OK")).toEqual(["form.wrong.pattern"]);
  expect(said({ pattern: "^[a-z]+$" }, "fine")).toBeNull();
  expect(said({ pattern: "(?P<python>x)" }, "whatever")).toBeNull();
  expect(said({ type: "list", items: { pattern: "^[a-z]+$" } }, ["a", "B c"])).toEqual(["form.wrong.item", { value: "B c" }]);
});
