/**
 * `engagelab.ContactField`: a property contacts may have a value of. The platform documents how to create one and
 * nothing else: no list, no change, no delete.
 */
import { z } from "zod";
import { JourneysError, type Problem } from "../../core/errors";
import type { Change, Context, Outcome, Planned, Resource } from "../../core/resource";
import { canonicalJson, digest, equal, isUnknown, type Json, type JsonObject } from "../../core/values";
import { engagelab } from "../api/client";
import { createField, fieldTypes } from "../api/fields";
import { nameProblems, reservedFields } from "../contact/inputs";

export const STATE_VERSION = 1;
export const KIND = "engagelab-contact-field";

export const fieldInputs = z
  .strictObject({
    name: z
      .string()
      .describe(
        "The property's name, as contacts use it in `fields`: at most 64 of a-z, A-Z, 0-9 and _; not one of the platform's own (vendor: contact properties).",
      ),
    type: z.enum(fieldTypes).describe("What values it takes."),
    visible: z.boolean().optional().describe("Whether the console shows it. Default: true."),
    format: z
      .string()
      .optional()
      .describe(
        "For numbers `0`, `.0` or `.00`; for dates `MM/DD/YYYY` or `DD/MM/YYYY`; for birthdays `MM/DD` or `DD/MM` (vendor: contact properties).",
      ),
    options: z.array(z.string().min(1)).optional().describe("For a dropdown: one to ten values."),
    adoptExisting: z
      .boolean()
      .optional()
      .describe(
        "Says that the property exists already: nothing is sent, and since the platform shows no property, nothing is checked. Default: false.",
      ),
  })
  .describe("A property that EngageLab contacts may have a value of.");

export type FieldInputs = z.infer<typeof fieldInputs>;

export const fieldOutputs = z.object({
  name: z.string().describe("The property's name."),
  fieldId: z.number().optional().describe("The platform's id, where its answer named one."),
  adopted: z.boolean().describe("Whether it was declared as existing."),
  appliedInputs: z.string().describe("The inputs last applied, as JSON text."),
  stamp: z.string().describe("The record this state covers."),
  stateVersion: z.number().describe("Version of this state's form."),
});

export type FieldState = z.infer<typeof fieldOutputs>;

const fieldName = (name: string): string => `contact property "${name}"`;

export const contactField: Resource<FieldInputs, FieldState> = {
  kind: KIND,
  token: "journeys:engagelab:ContactField",
  description: "A property that EngageLab contacts may have a value of. Can only be created.",
  inputs: fieldInputs,
  outputs: fieldOutputs,
  secretOutputs: [],
  echoOutputs: ["name", "appliedInputs"],
  stateVersion: STATE_VERSION,

  upgrade(state: JsonObject): FieldState {
    return state as unknown as FieldState;
  },

  describe(inputs, { secretPaths, name }) {
    const isShown = typeof inputs.name === "string" && !isUnknown(inputs.name) && secretPaths.length === 0;
    return fieldName(isShown ? String(inputs.name) : (name ?? "?"));
  },

  check(inputs: FieldInputs, { name }: Context) {
    return [...nameProblems(name), ...fieldProblems(inputs)];
  },

  plan(desired: FieldInputs, prior, { runtime }: Context): Planned {
    if (!prior) {
      const steps = desired.adoptExisting ? [] : [{ name: "create contact property" }];
      return { plan: { verb: "create", changes: [], steps, warnings: [lasting] } };
    }
    runtime.records.seen(KIND, prior.id, prior.state.stamp);
    const changes = changesOf(desired, prior.state);
    const lastingChanges = changes.filter(({ path }) => path[0] !== "adoptExisting");
    const plan = { verb: changes.length ? ("update" as const) : ("none" as const), changes, steps: [], warnings: [] };
    return lastingChanges.length ? { plan, refusal: unchangeable(prior.state, lastingChanges) } : { plan };
  },

  create,

  async update(id: string, prior: FieldState, desired: FieldInputs, context: Context): Promise<Outcome<FieldState>> {
    const changes = changesOf(desired, prior).filter(({ path }) => path[0] !== "adoptExisting");
    if (changes.length) throw unchangeable(prior, changes);
    const stamp = context.runtime.records.stamp();
    return { id, state: { ...prior, appliedInputs: canonicalJson(desired), stamp } };
  },

  async read(id: string, prior: FieldState, context: Context): Promise<Outcome<FieldState>> {
    context.runtime.run.claim(KIND, id, context.urn);
    return { id, state: prior };
  },

  async delete(id: string, _prior: FieldState, context: Context): Promise<void> {
    context.log(
      "warning",
      `it stays in EngageLab, with all its values: no documented call deletes a property. It can be deleted in the console`,
    );
    // Whoever declares the name anew may mean another property: that one is not what this create made.
    context.runtime.records.forget(KIND, id);
  },

  appliedInputs(state: FieldState): JsonObject {
    return JSON.parse(state.appliedInputs);
  },
};

const lasting = "a property can be created and never changed or deleted through the API; an account has at most 50";

const formats: Readonly<Record<string, readonly string[]>> = {
  number: ["0", ".0", ".00"],
  date: ["MM/DD/YYYY", "DD/MM/YYYY"],
  birthday: ["MM/DD", "DD/MM"],
};

function fieldProblems({ name, type, format, options }: FieldInputs): Problem[] {
  const problems: Problem[] = [];
  if (!isUnknown(name) && !/^\w{1,64}$/.test(name)) {
    problems.push({ path: ["name"], reason: "must have 1 to 64 of a-z, A-Z, 0-9 and _" });
  } else if (reservedFields.includes(name.toLowerCase())) {
    problems.push({ path: ["name"], reason: "is a property the platform has already, whatever the letter case" });
  }
  if (isUnknown(type)) return problems;
  const allowed = formats[type];
  if (format !== undefined && !isUnknown(format) && !allowed?.includes(format)) {
    const reason = allowed ? `must be ${allowed.join(" or ")} for a ${type}` : `a ${type} has no format`;
    problems.push({ path: ["format"], reason });
  }
  if (isUnknown(options)) return problems;
  if (type === "dropdown" && !(options && options.length >= 1 && options.length <= 10)) {
    problems.push({ path: ["options"], reason: "a dropdown needs one to ten of them" });
  }
  if (type !== "dropdown" && options) problems.push({ path: ["options"], reason: "only a dropdown has them" });
  return problems;
}

function changesOf(desired: FieldInputs, state: FieldState): Change[] {
  const applied = JSON.parse(state.appliedInputs) as FieldInputs;
  const keys = ["name", "type", "visible", "format", "options", "adoptExisting"] as const;
  return keys.flatMap((key): Change[] => {
    const [before, after] = [applied[key], desired[key]] as (Json | undefined)[];
    const isDefault = key === "visible" && (before ?? true) === (after ?? true);
    if (isDefault || equal(before, after)) return [];
    return [
      { path: [key], kind: before === undefined ? "add" : after === undefined ? "delete" : "update", before, after },
    ];
  });
}

function unchangeable({ name }: FieldState, changes: readonly Change[]): JourneysError {
  return new JourneysError({
    code: "illegal-move",
    resource: fieldName(name),
    what: "EngageLab documents no call that changes a property, and deleting it would lose the value of every contact",
    paths: changes.map(({ path }) => path),
    now: "nothing was sent",
    next: "declare what it is; change it in the console and then here with `pulumi state delete` and adoptExisting: true; or declare another property",
  });
}

async function create(desired: FieldInputs, context: Context): Promise<Outcome<FieldState>> {
  const { records } = context.runtime;
  const resource = fieldName(desired.name);
  if (desired.adoptExisting) return outcome(desired, true, records.stamp(), undefined);
  const find = () =>
    records.creates(KIND, context.urn, undefined, desired.name).filter(({ header }) => header.title === desired.name);
  const earlier = await records.settled(find, resource);
  const { name, type, visible = true, format, options } = desired;
  const specification = digest([type, visible, format, options]);
  const made = earlier.find(({ id }) => id !== undefined);
  if (made && made.steps[0]?.data.specification !== specification) throw createdOtherwise(resource);
  if (made) return outcome(desired, false, made.stamp, undefined);
  const open = earlier.find(({ unresolved }) => unresolved);
  if (open) throw createUnresolved(resource, open.path);
  const record = records.start({ kind: KIND, operation: "create", urn: context.urn, title: desired.name });
  await record.begin("create", { specification });
  const answer = await createField(context.runtime.use(engagelab), { name, type, visible, format, options });
  if (answer.kind === "done") {
    await record.end("answered", { id: name });
    await record.finish();
    return outcome(desired, false, record.stamp, answer.fieldId);
  }
  await record.end(answer.kind === "unknown" ? "unknown" : "refused");
  await record.finish();
  if (answer.kind === "unknown") throw createUnresolved(resource, record.path, answer.error);
  records.drop(record);
  throw answer.kind === "refused" && answer.error.code === "refused"
    ? new JourneysError({ ...answer.error.parts, resource, next: "if it exists already, set adoptExisting: true" })
    : answer.error.of(resource);
}

function outcome(
  desired: FieldInputs,
  adopted: boolean,
  stamp: string,
  fieldId: number | undefined,
): Outcome<FieldState> {
  const { name } = desired;
  const appliedInputs = canonicalJson(desired);
  return {
    id: name,
    state: {
      name,
      ...(fieldId !== undefined && { fieldId }),
      adopted,
      appliedInputs,
      stamp,
      stateVersion: STATE_VERSION,
    },
  };
}

/** A run that was cut off created it; the program was edited before the next one. */
function createdOtherwise(resource: string): JourneysError {
  return new JourneysError({
    code: "illegal-move",
    resource,
    what: "an earlier run created it, declared otherwise than now, and no documented call changes a property",
    now: "nothing was sent; it is in EngageLab as it was declared then",
    next: "declare it as it was; or change it in the console, and then set adoptExisting: true",
  });
}

function createUnresolved(resource: string, path: string, cause?: JourneysError): JourneysError {
  return new JourneysError({
    code: "create-unresolved",
    resource,
    what: `its create was sent and the outcome is not known${cause ? `: ${cause.parts.what}` : ""}`,
    now: "the property may or may not exist; the create is not repeated blindly",
    next: `look in EngageLab: if it is there, set adoptExisting: true; if not, delete the record ${path} and run again`,
  });
}
