/** Carrying out what was decided for one resource: the calls, and what is recorded of them. */
import type { Resource } from "./deployment.js";
import type { Answer, Provider } from "./provider.js";
import { describe, type Run, readableChanges } from "./run.js";
import type { Change } from "./snapshot.js";
import { markNamed } from "./values.js";

/** What was decided for a registration. */
export interface Plan {
  op: "create" | "same" | "update" | "replace";
  resource: Resource;
  /** None for a component. */
  provider?: Provider;
  old?: Resource | undefined;
  replaceKeys?: string[];
}

export async function carryOut(run: Run, plan: Plan): Promise<Resource> {
  const { op, resource, old, replaceKeys } = plan;
  const step = describe(op, resource, op === "same" ? [] : readableChanges(old?.inputs, resource.inputs));
  if (replaceKeys) step.replaceKeys = replaceKeys;
  return run.step(step, async () => {
    if (op === "same") await keep(run, plan);
    else if (op === "update") await update(run, plan);
    else await create(run, plan);
    if (resource.id) step.id = resource.id;
    return resource;
  });
}

async function keep(run: Run, { resource, old }: Plan): Promise<void> {
  resource.outputs = old?.outputs ?? {};
  await run.snapshot.commit({ add: resource, instead: old });
}

async function update(run: Run, plan: Plan): Promise<void> {
  const { resource, old, provider } = plan;
  if (!provider || !old) return keep(run, plan);
  // A provider that doesn't take part in previews: what will come out is, as far as it is known, what goes in.
  resource.outputs = (run.preview ? resource.inputs : old.outputs) ?? {};
  const change: Change = { add: resource, instead: old };
  if (run.preview) return run.snapshot.commit(change);
  const known = { ...old, urn: resource.urn, type: resource.type };
  const ask = () => provider.update(known, resource);
  await run.mutate("updating", old, ask, (end, answer) => settle(run, resource, answer, [{ end }, change]));
}

async function create(run: Run, { resource, old, provider }: Plan): Promise<void> {
  // The old one of a replacement is deleted at the end of the run, unless that has happened already.
  const replaces = old !== undefined && !old.external && !old.pendingReplacement;
  const changes: Change[] = replaces
    ? [{ amend: old, with: { delete: true } }, { add: resource }]
    : [{ add: resource, instead: old }];
  if (run.preview || !provider) {
    resource.outputs = (provider && resource.inputs) ?? {};
    return run.snapshot.commit(...changes);
  }
  const ask = () => provider.create(resource);
  const copy = { ...resource };
  await run.mutate("creating", copy, ask, (end, answer) => settle(run, resource, answer, [{ end }, ...changes]));
}

/** Records what a provider answered. If the resource exists but isn't what it should be, that is recorded, and thrown. */
async function settle(
  run: Run,
  resource: Resource,
  { id, outputs, failure }: Answer,
  changes: Change[],
): Promise<void> {
  resource.id = id;
  resource.outputs = markNamed(outputs, resource.additionalSecretOutputs ?? []);
  if (failure) resource.initErrors = failure.reasons;
  await run.snapshot.commit(...changes);
  if (failure) throw failure;
}
