/** What a record notes of a replace: marks of every value, and none of a secret one, under whatever name its point goes. */
import { expect, test } from "vitest";
import { declaredOnly, notesOfReplace, toSend } from "../../../../provider/pushwoosh/journey/belief";
import { mark } from "../../../../provider/pushwoosh/journey/definition";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { welcome } from "./bench";

const KEY = "22222222-2222-4333-8444-555555555555";

function noted(inputs: JourneyInputs, secret: readonly string[][]): unknown {
  const believed = declaredOnly("j1", inputs, KEY, {});
  return notesOfReplace(inputs, believed, toSend(inputs, believed), secret).marks;
}
const markOf = (point: string, value: string) => mark(["points", point, "data", "send_push", "text"], value, KEY);

test("a value is marked, a secret one isn't", () => {
  expect(noted(welcome(), [])).toContain(markOf("push", "hello"));
  for (const path of [["points"], ["points", "push"], ["points", "push", "data", "send_push", "text"]])
    expect(noted(welcome(), [path])).not.toContain(markOf("push", "hello"));
  expect(noted(welcome(), [["points", "exit"]])).toContain(markOf("push", "hello"));
});

test("a number and its text have one mark, since the platform may answer either", () => {
  expect(mark(["params", "n"], 5, KEY)).toBe(mark(["params", "n"], "5", KEY));
  expect(mark(["params", "n"], 5, KEY)).not.toBe(mark(["params", "n"], "6", KEY));
});

test("of a renamed point also under its former name, with the same left out", () => {
  const inputs = welcome();
  inputs.points.push!.formerly = "greeting";
  expect(noted(inputs, [])).toEqual(expect.arrayContaining([markOf("push", "hello"), markOf("greeting", "hello")]));
  const hidden = noted(inputs, [["points", "push", "data"]]);
  expect(hidden).not.toContain(markOf("push", "hello"));
  expect(hidden).not.toContain(markOf("greeting", "hello"));
});
