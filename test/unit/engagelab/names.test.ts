import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../provider/core/resource";
import { contact } from "../../../provider/engagelab/contact/resource";
import { contactSet } from "../../../provider/engagelab/contact-set/resource";
import { contactField } from "../../../provider/engagelab/field/resource";
import { contactTag } from "../../../provider/engagelab/tag/resource";
import { type Bench, startBench } from "./bench";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const members = [{ email: "ada@example.com" }];
const checks: Record<string, (context: Context) => { reason: string }[]> = {
  Contact: (context) => contact.check({ email: "grace@example.com" }, context),
  ContactSet: (context) => contactSet.check({ members, onRemoval: "keep" }, context),
  ContactTag: (context) => contactTag.check({ name: "vip" }, context),
  ContactField: (context) => contactField.check({ name: "Level", type: "text" }, context),
};

test.each(Object.entries(checks))("the name of a %s that holds an address is refused, not repeated", (_, check) => {
  for (const name of ["canary@canary.example", "of canary.b+c@mail.canary.example (work)", "a/CANARY@x.CANARY"]) {
    const [problem, ...others] = check(bench.context(name));
    expect(others).toEqual([]);
    expect(problem?.reason).toMatch(/name contains an e-mail address.*such as "contact-1042"/);
    expect(problem?.reason).not.toMatch(/canary/i);
  }
  expect(check(bench.context("at@home, contact-1042"))).toEqual([]);
});
