import { expect, test } from "vitest";
import { JourneysError } from "../../../provider/core/errors";
import { withoutPeople } from "../../../provider/pushwoosh/once";

test("an error about people names none of them, nor does what caused it", () => {
  const cause = new Error("canary-1 was refused");
  const echoed = new JourneysError({
    code: "refused",
    what: 'no "canary-1", canary-2',
    now: "nothing",
    next: "",
    cause,
  });
  const error = withoutPeople(echoed, "entry", [["canary-1"], ["canary-2"]]);
  expect(error.message).toMatch(/^refused: entry: no "\[secret\]", \[secret\]/);
  expect([error.cause, error.parts.cause]).toEqual([undefined, undefined]);
});
