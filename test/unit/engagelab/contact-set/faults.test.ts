/**
 * Every operation on a set × every call in it × every fault: it ends well, or with an error that says so; the next run brings
 * all members to the declared end, nobody is there twice, nobody is lost, and no text holds anything personal.
 */
import { describe, expect, test } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import { type FaultKind, faultKinds } from "../../../../provider/emulator";
import type { MemberInputs } from "../../../../provider/engagelab/contact-set/inputs";
import { secretOutputs } from "../../../../provider/engagelab/contact-set/state";
import { patienceFor } from "../bench";
import { type Given, type KeptSet, type SetBench, startSetBench } from "./bench";

const kinds = Object.keys(faultKinds) as FaultKind[];

const member = (number: number, name: string, more: Partial<MemberInputs> = {}): MemberInputs => ({
  email: `Canary.${number}@canary.example`,
  name: `Canary ${name}`,
  fields: { Gender: "canary-gender", Age: 7 },
  tags: ["vip"],
  ...more,
});
const first: Given = { members: [1, 2, 3, 4].map((number) => member(number, "First")), onRemoval: "delete" };
const edited: Given = {
  members: [
    member(1, "First"),
    member(2, "Edited", { fields: { Age: 8 }, tags: ["news"] }),
    member(3, "First"),
    member(5, "New"),
  ],
  onRemoval: "delete",
};
const bystander = { email: "bystander@canary.example", name: "Canary Bystander", tags: ["vip", "news"] };

interface Operation {
  name: string;
  calls: string[];
  /** Brings the platform to where the operation starts; returns the state it starts from. */
  before: (bench: SetBench) => Promise<KeptSet | undefined>;
  run: (bench: SetBench, kept: KeptSet | undefined) => Promise<KeptSet | undefined>;
  /** What is declared afterwards; undefined where the set is gone. */
  expected: Given | undefined;
  adopted: number;
}

const created = async (bench: SetBench): Promise<KeptSet> => {
  const kept = bench.done(await bench.create("list", first));
  await bench.restart();
  return kept;
};
const apply =
  (inputs: Given) =>
  async (bench: SetBench, kept: KeptSet | undefined): Promise<KeptSet> => {
    if (!kept) return bench.create("list", inputs);
    return (await bench.verb("list", inputs, kept)) === "none" ? kept : bench.update("list", kept, inputs);
  };
const seeded = (bench: SetBench) => {
  bench.emulator.engagelab.seed([{ email: "canary.2@canary.example", name: "Canary Before" }]);
};

const operations: Operation[] = [
  {
    name: "create",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get"],
    before: async () => undefined,
    run: apply(first),
    expected: first,
    adopted: 0,
  },
  {
    name: "adopt",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get"],
    before: async (bench) => void seeded(bench),
    run: apply({ ...first, adoptExisting: true }),
    expected: { ...first, adoptExisting: true },
    adopted: 1,
  },
  {
    name: "update",
    calls: ["quota", "contact.list", "contact.upsert", "contact.get", "contact.delete"],
    before: created,
    run: apply(edited),
    expected: edited,
    adopted: 0,
  },
  {
    name: "read",
    calls: ["quota", "contact.list", "contact.get"],
    before: async (bench) => {
      const kept = await created(bench);
      bench.emulator.behind.contact("canary.2@canary.example").edit((contact) => {
        contact.name = "Canary Drift";
      });
      bench.emulator.behind.contact("canary.3@canary.example").delete();
      return kept;
    },
    run: (bench, kept) => bench.read("list", kept!),
    expected: first,
    adopted: 0,
  },
  {
    name: "delete",
    calls: ["quota", "contact.list", "contact.get", "contact.delete"],
    before: created,
    run: async (bench, kept) => {
      if (kept) await bench.delete("list", kept);
      return undefined;
    },
    expected: undefined,
    adopted: 0,
  },
];

describe.concurrent("faults", () => {
  test.each(operations)("$name, in each of its calls", async (operation) => {
    const cases = operation.calls.flatMap((call) =>
      kinds.flatMap((kind) => timesOf(call).map((times) => one({ ...operation, call }, kind, times))),
    );
    await Promise.all(cases);
  });
});

/** One failed read is repeated by the client, which has tests of its own. */
const timesOf = (call: string) => (call === "quota" || call === "contact.list" ? [2] : [1, 2]);

async function one(operation: Operation & { call: string }, kind: FaultKind, times: number): Promise<void> {
  const bench = await startSetBench({}, patienceFor(kind));
  const about = `${operation.name}, ${operation.call}, ${kind} × ${times}`;
  try {
    bench.emulator.engagelab.seed([bystander]);
    const before = await operation.before(bench);
    bench.emulator.fault({ kind, times, endpoint: operation.call, delayMs: 20, retryAfter: 0 });
    const errors: string[] = [];
    let left = before;
    try {
      left = await operation.run(bench, before);
      if (left?.failure) errors.push(left.failure.message);
    } catch (error) {
      expect(error, about).toBeInstanceOf(JourneysError);
      errors.push(String(error));
    }
    bench.emulator.clearFaults();
    await bench.restart();
    const end = operation.expected ? await again(operation, bench, left) : await operation.run(bench, left);
    expect(end?.failure, about).toBeUndefined();
    expectEnd(bench, operation, end, about);
    const plain = Object.entries(end?.state ?? {}).filter(
      ([key]) => !(secretOutputs as readonly string[]).includes(key),
    );
    const texts = { errors, logs: bench.logs, records: await bench.recordText(), plain };
    expect(JSON.stringify(texts), about).not.toMatch(/canary/i);
  } finally {
    await bench.close();
  }
}

/** The next run: a refresh where it is one, and what is declared. */
async function again({ name, expected }: Operation, bench: SetBench, kept: KeptSet | undefined): Promise<KeptSet> {
  const seen = name === "read" ? await bench.read("list", kept!) : kept;
  return apply(expected!)(bench, seen);
}

function expectEnd(
  { emulator }: SetBench,
  { expected, adopted }: Operation,
  end: KeptSet | undefined,
  about: string,
): void {
  const rows = emulator.engagelab.contacts().map(({ email, name, tags }) => ({ email, name, tags: [...tags] }));
  const wanted = (expected?.members ?? []).map(({ email, name, tags }) => ({ email: email.toLowerCase(), name, tags }));
  const shown = rows.map((row) => ({ ...row, email: row.email.toLowerCase() }));
  expect(shown.sort(byEmail), about).toEqual([bystander, ...wanted].sort(byEmail));
  for (const { email, fields } of expected?.members ?? []) {
    expect(emulator.engagelab.contact(email).fields.Age, about).toBe(String(fields?.Age));
    expect(emulator.engagelab.contact(email).fields.Gender ?? "", about).toBe(fields?.Gender ?? "");
  }
  if (end)
    expect(end.state, about).toMatchObject({ memberCount: wanted.length, adoptedCount: adopted, missingCount: 0 });
}

const byEmail = (one: { email: string }, other: { email: string }) => (one.email < other.email ? -1 : 1);
