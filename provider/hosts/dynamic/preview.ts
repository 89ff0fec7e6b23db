/** Check and Diff: what a preview asks. No network; refusals and the block of each resource come from here. */
import { renderBlock } from "../../core/block";
import type { Problem } from "../../core/errors";
import type { Plan } from "../../core/resource";
import { validate } from "../../core/validate";
import { digest, equal, formatPath, type JsonObject, valueAt } from "../../core/values";
import type { Call } from "./call";
import type { CheckResult, DiffResult } from "./protocol";

/** Checks inputs. Of a new resource the plan is made here, since the engine doesn't ask for its difference. */
export async function check(call: Call, isNew: boolean, news: JsonObject): Promise<CheckResult> {
  const { host, resource, desired, context, passed } = call;
  const urn = passed.urn ?? digest(news);
  let problems = validate(resource.inputs, desired, context.secretPaths);
  if (!problems.length) {
    await resource.prepare?.(desired, context);
    problems = resource.check(desired, context);
  }
  if (!problems.length && isNew) {
    const { plan, refusal } = resource.plan(desired, undefined, context);
    if (refusal) problems = [{ path: refusal.parts.paths?.[0] ?? [], reason: refusal.of(call.name).message }];
    // A resource that will be replaced is checked a second time, as if it were new; then its block was Diff's.
    else show(call, urn, plan);
  }
  if (!problems.length) host.passedCheck(urn, digest(news));
  return { inputs: news, failures: failuresOf(call, problems) };
}

function failuresOf({ mask }: Call, problems: readonly Problem[]): CheckResult["failures"] {
  return problems.map(({ path, reason }) => ({
    property: path.length ? mask(formatPath(path)) : "",
    reason: mask(reason),
  }));
}

/** Compares what is declared with what is saved. */
export async function diff(call: Call, id: string, news: JsonObject): Promise<DiffResult> {
  const { host, resource, desired, state, passed, passedBefore, context } = call;
  const { run } = context.runtime;
  run.rename(passedBefore.urn, passed.urn);
  run.claim(resource.kind, id, passed.urn);
  await resource.prepare?.(desired, context);
  const planned = resource.plan(desired, { id, state }, context);
  // A refresh asks with the roles swapped: it gets a verdict, and is neither refused nor told a plan.
  const isPlan = passed.urn !== undefined && host.hasChecked(passed.urn, digest(news));
  if (!isPlan) return fieldByField(call, planned.plan);
  if (planned.refusal) throw planned.refusal;
  const plan = withMarking(call, planned.plan);
  if (plan.verb === "replace") run.replacing(resource.kind, id, passed.urn);
  show(call, passed.urn!, plan);
  return verdict(call, plan);
}

function show(call: Call, key: string, plan: Plan): void {
  const { host, name, mask, context } = call;
  host.show(key, renderBlock({ resource: name, plan, secretPaths: context.secretPaths, mask }));
}

/** An input became secret without a change of its value: outputs that repeat it have to be marked, which is a change. */
function withMarking({ resource, passed, passedBefore }: Call, plan: Plan): Plan {
  if (plan.verb !== "none" || !resource.echoOutputs.length) return plan;
  if (!passed.secretPaths.length || passedBefore.secretPaths.length) return plan;
  return { ...plan, verb: "update", steps: [{ name: "mark outputs that repeat a secret input as secret" }] };
}

function verdict(call: Call, plan: Plan): DiffResult {
  if (plan.verb === "none") return { changes: false, replaces: [], deleteBeforeReplace: false };
  return { changes: engineSees(call, plan) ? undefined : true, replaces: replacesOf(plan), deleteBeforeReplace: false };
}

/** What a refresh wants to know: whether what was read differs from what was declared. */
function fieldByField({ resource, state, desired }: Call, plan: Plan | undefined): DiffResult {
  const changes = plan ? plan.changes.length > 0 : !equal(resource.appliedInputs(state), desired);
  return { changes, replaces: plan ? replacesOf(plan) : [], deleteBeforeReplace: false };
}

/** The inputs that force a replacement; never empty for one, since it is by this list that the engine knows. */
function replacesOf({ verb, changes }: Plan): string[] {
  if (verb !== "replace") return [];
  const forcing = changes.filter((change) => change.replaces);
  const keys = (forcing.length ? forcing : changes).map(({ path }) => String(path[0] ?? "id"));
  return keys.length ? [...new Set(keys)] : ["id"];
}

/**
 * Whether the engine, which compares the inputs it recorded with the new ones, is certain to find a change as well. It
 * is if a change leads from the inputs last applied to the new ones: inputs it recorded without a call since then were
 * judged equal to those applied. It is not for what drifted or what only a record knows.
 */
function engineSees({ resource, state, desired }: Call, plan: Plan): boolean {
  const applied = resource.appliedInputs(state);
  return plan.changes.some(({ path, before, after }) => {
    const [was, is] = [valueAt(applied, path), valueAt(desired, path)];
    return !equal(was, is) && equal(before, was) && equal(after, is);
  });
}
