/** Random lists of people and random edits of them, put on an emulator whose behaviour is one of many. */
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { expect } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import type { ContactSeed, EngagelabSwitches } from "../../../../provider/emulator";
import type { MemberInputs, SetInputs } from "../../../../provider/engagelab/contact-set/inputs";
import { type Given, type KeptSet, type SetBench, startSetBench } from "./bench";

/** Parts of what must not be found in any text or record. */
export const CANARY = /canary/i;

const names = Array.from({ length: 14 }, (_, index) => `canary${index}@canary.example`);
const tagNames = ["news", "vip", "Trial"];
const text = (word: string) => fc.integer({ min: 0, max: 5 }).map((n) => `${word}-${n}`);

const member = (email: string): fc.Arbitrary<MemberInputs> =>
  fc
    .record(
      {
        phone: text("canary-phone"),
        name: text("Canary Name"),
        fields: fc
          .record({ Age: fc.constantFrom("7", "08", 9, 1.5), Gender: text("canary-gender") }, { requiredKeys: [] })
          .filter((fields) => Object.keys(fields).length > 0),
        tags: fc.subarray(tagNames),
      },
      { requiredKeys: [] },
    )
    .map((rest) => ({ email, ...rest }));

const list = fc.subarray(names).chain((chosen) => {
  const spelled = chosen.map((email) =>
    fc.boolean().chain((upper) => member(upper ? email.replace("canary", "Canary") : email)),
  );
  return fc.tuple(...spelled) as unknown as fc.Arbitrary<MemberInputs[]>;
});

export interface Story {
  seeds: ContactSeed[];
  lists: MemberInputs[][];
  options: Given;
}

export const story: fc.Arbitrary<Story> = fc.record({
  seeds: fc.subarray(names, { maxLength: 4 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((email) =>
        fc.record(
          {
            email: fc.constant(email),
            phone: text("canary-phone"),
            fields: fc.record({ Gender: text("canary-gender") }),
            tags: fc.subarray([...tagNames, "theirs"]),
            unsubscribed: fc.boolean(),
          },
          { requiredKeys: ["email"] },
        ),
      ),
    ),
  ) as unknown as fc.Arbitrary<ContactSeed[]>,
  lists: fc.array(list, { minLength: 2, maxLength: 3 }),
  options: fc
    .record(
      {
        tags: fc.subarray(["all", "news"]),
        fields: fc.record({ Gender: text("canary-common") }),
        onRemoval: fc.constantFrom("keep" as const, "delete" as const),
        tagOwnership: fc.constantFrom("declared" as const, "exclusive" as const),
        adoptExisting: fc.boolean(),
        forceDestroy: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    // Exclusive without any tags declared is refused.
    .map((options) => (options.tagOwnership === "exclusive" ? { tags: [], ...options } : options)),
});

/** Codes a set may end with where the platform behaves oddly; anything else is a fault of ours. */
const documented = new Set([
  "already-exists",
  "dropped-by-platform",
  "partly-done",
  "unexpected-answer",
  "refused",
  "rate-limited",
  "gone",
]);

/** Everybody nobody has anything to do with, as they are. */
function others(bench: SetBench): unknown {
  const own = new Set(names);
  const rest = bench.emulator.engagelab.contacts().filter(({ email }) => !own.has(email.toLowerCase()));
  return rest.map(({ id, email, phone, name, fields, tags }) => ({ id, email, phone, name, fields, tags }));
}

/**
 * Applies each list in turn, each time as a new process, and holds what must hold: the second plan is empty, also after
 * a refresh; everybody is there as declared, once; nobody else was touched; or the run ended with a documented error.
 *
 * @returns the errors' codes
 */
export async function tell(switches: EngagelabSwitches, { seeds, lists, options }: Story): Promise<string[]> {
  const bench = await startSetBench({ engagelab: switches });
  const codes: string[] = [];
  try {
    bench.emulator.engagelab.seed([...seeds, { email: "bystander@bystander.example", name: "By", tags: ["vip"] }]);
    const before = others(bench);
    let kept: KeptSet | undefined;
    for (const members of lists) {
      const inputs: Given = { ...options, members, allowDeletions: names.length };
      const ended = await attempt(bench, inputs, kept);
      if (ended instanceof JourneysError || ended.failure) {
        const error = ended instanceof JourneysError ? ended : ended.failure!;
        expect(documented, error.message).toContain(error.code);
        expect(error.message).not.toMatch(CANARY);
        codes.push(error.code);
        break;
      }
      kept = ended;
      if (!(await settled(bench, inputs, kept, switches))) return ["dropped-by-platform"];
      asDeclared(bench, inputs as SetInputs);
    }
    expect(others(bench)).toEqual(before);
    expect(bench.logs.join("\n")).not.toMatch(CANARY);
    expect(await bench.recordText()).not.toMatch(CANARY);
    return codes;
  } finally {
    await bench.close();
  }
}

async function attempt(bench: SetBench, inputs: Given, kept: KeptSet | undefined): Promise<KeptSet | JourneysError> {
  await bench.restart();
  try {
    return kept ? await bench.update("list", kept, inputs) : await bench.create("list", inputs);
  } catch (error) {
    if (error instanceof JourneysError) return error;
    throw error;
  }
}

/** @returns false where the platform rewrites what was declared, which the next run says */
async function settled(
  bench: SetBench,
  inputs: Given,
  kept: KeptSet,
  { lagCalls = 0, lagMs = 0, listReach = 0, fieldValues }: EngagelabSwitches,
): Promise<boolean> {
  await bench.restart();
  const writes = bench.emulator.writes();
  expect(await bench.verb("list", inputs, kept)).toBe("none");
  const plain = { ...kept.state, key: "", appliedInputs: "" };
  expect(JSON.stringify(plain)).not.toMatch(CANARY);
  // A list that doesn't show everybody is an error of its own.
  if (listReach > 0) return true;
  await delay(lagMs);
  for (let read = 0; read < lagCalls; read++) await bench.read("list", kept);
  const seen = await bench.read("list", kept);
  const verb = await bench.verb("list", inputs, seen);
  expect(bench.emulator.writes()).toBe(writes);
  if (verb === "none" || fieldValues !== "formatted") expect(verb).toBe("none");
  else expect((await bench.update("list", seen, inputs)).failure?.code).toBe("partly-done");
  return verb === "none";
}

function asDeclared({ emulator }: SetBench, { members = [], tags = [], fields = {}, tagOwnership }: SetInputs): void {
  for (const declared of members) {
    const same = emulator.engagelab
      .contacts()
      .filter(({ email }) => email.toLowerCase() === declared.email.toLowerCase());
    expect(same).toHaveLength(1);
    const contact = same[0]!;
    if (declared.name !== undefined) expect(contact.name).toBe(declared.name);
    if (declared.phone !== undefined) expect(contact.phone).toBe(declared.phone);
    for (const [key, value] of Object.entries({ ...fields, ...declared.fields })) {
      const is = contact.fields[key] ?? "";
      expect(is === String(value) || Number(is) === Number(value), `${key}: ${is} is not ${value}`).toBe(true);
    }
    const wanted = [...new Set([...tags, ...(declared.tags ?? [])])];
    if (tagOwnership === "exclusive") expect(contact.tags.toSorted()).toEqual(wanted.sort());
    else expect(contact.tags).toEqual(expect.arrayContaining(wanted));
  }
}
