/** A contact set on an emulator, without any engine, called in a host's order. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JourneysError } from "../../../../provider/core/errors";
import type { Context } from "../../../../provider/core/resource";
import type { EmulatorOptions } from "../../../../provider/emulator";
import type { MemberInputs, SetInputs } from "../../../../provider/engagelab/contact-set/inputs";
import { contactSet } from "../../../../provider/engagelab/contact-set/resource";
import type { SetState } from "../../../../provider/engagelab/contact-set/state";
import { type Kept, startBench } from "../bench";

export type { Kept } from "../bench";
export { errorOf } from "../bench";
export type KeptSet = Kept<SetState>;

/** Inputs as a program gives them: what has a default may be left out. */
export type Given = Partial<SetInputs>;

/** A list of so many people; `change` may edit each, or leave it out. */
export function people(
  count: number,
  change: (member: MemberInputs, index: number) => MemberInputs | undefined = (m) => m,
) {
  return Array.from({ length: count }, (_, index) =>
    change({ email: `person${index}@example.com`, name: `Person ${index}` }, index),
  ).filter((member) => member !== undefined);
}

export async function startSetBench(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  const bench = await startBench(options, settings);
  const given = (inputs: Given) => inputs as SetInputs;
  const named = (name: string, more: Partial<Context> = {}): Context => ({
    ...bench.context(name),
    urn: `urn:pulumi:test::bench::journeys:engagelab:ContactSet::${name}`,
    ...more,
  });
  const checked = async (name: string, inputs: Given) => {
    await contactSet.prepare!(given(inputs), named(name));
    return contactSet.check(given(inputs), named(name));
  };
  const planned = async (name: string, inputs: Given, kept?: KeptSet) => {
    const problems = await checked(name, inputs);
    if (problems.length > 0) throw new Error(problems.map(({ reason }) => reason).join("\n"));
    return contactSet.plan(given(inputs), kept, named(name));
  };

  return {
    ...bench,
    get runtime() {
      return bench.runtime;
    },
    named,
    check: checked,
    plan: planned,
    /** The verb of a plan, or the refusal's code. */
    async verb(name: string, inputs: Given, kept?: KeptSet) {
      const { plan, refusal } = await planned(name, inputs, kept);
      return refusal ? refusal.code : plan.verb;
    },
    async create(name: string, inputs: Given, more?: Partial<Context>): Promise<KeptSet> {
      const { refusal } = await planned(name, inputs);
      if (refusal) throw refusal;
      return contactSet.create(given(inputs), named(name, more));
    },
    async update(name: string, kept: KeptSet, inputs: Given, more?: Partial<Context>): Promise<KeptSet> {
      const { refusal } = await planned(name, inputs, kept);
      if (refusal) throw refusal;
      return contactSet.update(kept.id, kept.state, given(inputs), named(name, more));
    },
    async read(name: string, kept: KeptSet): Promise<KeptSet> {
      const outcome = await contactSet.read(kept.id, kept.state, named(name));
      if (!outcome) throw new Error("a set is never gone");
      if (outcome.failure) throw outcome.failure;
      return outcome;
    },
    delete: (name: string, kept: KeptSet, more?: Partial<Context>) =>
      contactSet.delete(kept.id, kept.state, named(name, more)),
    /** Writes a source file; the inputs that name it. */
    file(name: string, text: string): Given {
      writeFileSync(join(bench.folder, name), text);
      const sourceDigest = createHash("sha256")
        .update(readFileSync(join(bench.folder, name)))
        .digest("hex");
      return { source: { file: name } as SetInputs["source"], sourceDigest };
    },
    /** Fails unless the outcome is one without a failure. */
    done(kept: KeptSet): KeptSet {
      if (kept.failure instanceof JourneysError) throw kept.failure;
      return kept;
    },
  };
}

export type SetBench = Awaited<ReturnType<typeof startSetBench>>;
