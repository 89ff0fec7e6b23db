/**
 * Every operation × every call in it × every fault: it ends well, or with an error that says so; the next run brings
 * everything to the declared end, nobody is there twice, nobody is lost, and no text holds anything personal.
 */
import { describe, expect, test } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import type { FaultKind } from "../../../../provider/emulator";
import type { ContactInputs } from "../../../../provider/engagelab/contact/inputs";
import { secretOutputs } from "../../../../provider/engagelab/contact/state";
import { type Bench, type KeptContact, patienceFor, startBench } from "../bench";

const kinds: FaultKind[] = [
  "delay",
  "refuse",
  "401",
  "403",
  "404",
  "429",
  "500-before",
  "500-after",
  "html-502",
  "html-502-after",
  "drop-before",
  "drop-after",
  "cut-after",
  "truncate",
  "hang",
  "hang-after",
];

const person: ContactInputs = {
  email: "Canary.Person@canary.example",
  phone: "canary-phone",
  name: "Canary Name",
  fields: { Gender: "canary-gender", Age: 7 },
  tags: ["vip"],
};
const edited: ContactInputs = { ...person, name: "Canary Other", fields: { Age: 8 }, tags: ["news"] };
const bystander = { email: "bystander@canary.example", name: "Canary Bystander", tags: ["vip", "news"] };

interface Operation {
  name: string;
  calls: string[];
  /** Brings the platform to where the operation starts; returns the state it starts from. */
  before: (bench: Bench) => Promise<KeptContact | undefined>;
  run: (bench: Bench, kept: KeptContact | undefined) => Promise<KeptContact | undefined>;
  /** What the next run does: with what the first one left, or else with what there was before. */
  again: (bench: Bench, kept: KeptContact | undefined) => Promise<KeptContact | undefined>;
  expected: ContactInputs | undefined;
  adopted?: boolean;
}

const created = async (bench: Bench) => {
  const kept = await bench.create("c", person);
  await bench.restart();
  return kept;
};
const update =
  (inputs: ContactInputs) =>
  async (bench: Bench, kept: KeptContact | undefined): Promise<KeptContact> => {
    if (bench.plan("c", inputs, kept!).plan?.verb === "none") return kept!;
    return bench.update("c", kept!, inputs);
  };
const createOr =
  (inputs: ContactInputs) =>
  async (bench: Bench, kept: KeptContact | undefined): Promise<KeptContact> =>
    kept ? update(inputs)(bench, kept) : bench.create("c", inputs);
const adopt: ContactInputs = { ...edited, adoptExisting: true };
const put: ContactInputs = { ...edited, updateMethod: "put" };

const operations: Operation[] = [
  {
    name: "create",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get"],
    before: async () => undefined,
    run: (bench) => bench.create("c", person),
    again: createOr(person),
    expected: person,
    adopted: false,
  },
  {
    name: "adopt",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get"],
    before: async (bench) => {
      bench.emulator.engagelab.seed([{ email: person.email, name: "Canary Before" }]);
      return undefined;
    },
    run: (bench) => bench.create("c", adopt),
    again: createOr(adopt),
    expected: edited,
    adopted: true,
  },
  {
    name: "update by upsert",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get"],
    before: created,
    run: update(edited),
    again: update(edited),
    expected: edited,
    adopted: false,
  },
  {
    name: "update by put",
    calls: ["quota", "contact.list", "contact.update", "contact.get"],
    before: created,
    run: update(put),
    again: update(put),
    expected: edited,
    adopted: false,
  },
  {
    name: "read",
    calls: ["quota", "contact.list", "contact.get"],
    before: async (bench) => {
      const kept = await created(bench);
      bench.emulator.behind.contact(person.email).edit((contact) => {
        contact.fields.City = "Canary City";
      });
      return kept;
    },
    run: async (bench, kept) => {
      const seen = await bench.read("c", kept!);
      expect(seen).toBeDefined();
      return { ...seen!, id: seen!.id };
    },
    again: async (bench, kept) => ({ ...kept!, ...(await bench.read("c", kept!))! }),
    expected: person,
    adopted: false,
  },
  {
    name: "delete",
    calls: ["quota", "contact.get", "contact.delete"],
    before: created,
    run: async (bench, kept) => {
      await bench.delete("c", kept!);
      return undefined;
    },
    again: async (bench, kept) => {
      if (kept) await bench.delete("c", kept);
      return undefined;
    },
    expected: undefined,
  },
];

const cases = operations.flatMap((operation) => operation.calls.map((call) => ({ ...operation, call })));

describe.concurrent("faults", () => {
  test.each(cases)("$name, in $call", async (operation) => {
    await Promise.all(kinds.flatMap((kind) => [1, 2].map((times) => one(operation, kind, times))));
  });
});

async function one(operation: Operation & { call: string }, kind: FaultKind, times: number): Promise<void> {
  const bench = await startBench({}, patienceFor(kind));
  const about = `${operation.name}, ${operation.call}, ${kind} × ${times}`;
  try {
    bench.emulator.engagelab.seed([bystander]);
    const before = await operation.before(bench);
    bench.emulator.fault({ kind, times, endpoint: operation.call, delayMs: 20, retryAfter: 0 });
    let left: KeptContact | undefined = before;
    const errors: string[] = [];
    try {
      left = await operation.run(bench, before);
      if (left?.failure) errors.push(left.failure.message);
    } catch (error) {
      expect(error, about).toBeInstanceOf(JourneysError);
      errors.push(String(error));
    }
    bench.emulator.clearFaults();
    await bench.restart();
    const end = await operation.again(bench, left);
    expect(end?.failure, about).toBeUndefined();
    if (end && operation.adopted !== undefined) expect(end.state.adopted, about).toBe(operation.adopted);
    expectEnd(bench, operation, about);
    await expectNothingPersonal(bench, end, errors, about);
  } finally {
    await bench.close();
  }
}

function expectEnd({ emulator }: Bench, { expected }: Operation, about: string): void {
  const rows = emulator.engagelab.contacts().map(({ email, name, tags }) => ({ email, name, tags: [...tags] }));
  expect(rows[0], about).toEqual(bystander);
  expect(rows, about).toHaveLength(expected ? 2 : 1);
  if (!expected) return;
  const { name, phone, fields, tags } = emulator.engagelab.contact(expected.email);
  expect({ name, phone, tags }, about).toEqual({ name: expected.name, phone: expected.phone, tags: expected.tags });
  expect(fields.Age, about).toBe(String(expected.fields?.Age));
  expect(fields.Gender, about).toBe(expected.fields?.Gender);
}

async function expectNothingPersonal(
  bench: Bench,
  end: KeptContact | undefined,
  errors: string[],
  about: string,
): Promise<void> {
  const plain = Object.entries(end?.state ?? {}).filter(([key]) => !(secretOutputs as readonly string[]).includes(key));
  const texts = { errors, logs: bench.logs, records: await bench.recordText(), state: plain };
  expect(JSON.stringify(texts), about).not.toMatch(/canary/i);
}
