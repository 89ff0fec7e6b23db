/** Refresh: what the state records is replaced by what the providers see. Nothing outside is changed. */
import type { Resource } from "./deployment.js";
import { differenceOf } from "./difference.js";
import { keepOld } from "./paths.js";
import type { Providers } from "./providers.js";
import { rename } from "./references.js";
import { describe, type Run, readableChanges } from "./run.js";
import { isProvider } from "./urn.js";
import { equal, markNamed } from "./values.js";

export async function refresh(run: Run, providers: Providers): Promise<void> {
  const resources = run.snapshot.remaining.filter(
    ({ custom, type, delete: replaced, pendingReplacement }) =>
      custom && !isProvider(type) && !replaced && !pendingReplacement,
  );
  await Promise.allSettled(resources.map((resource) => run.execution.add(() => refreshOne(run, providers, resource))));
}

async function refreshOne(run: Run, providers: Providers, resource: Resource): Promise<void> {
  const step = describe("same", resource);
  await run.step(step, async () => {
    const provider = await providers.of(resource);
    const found = await provider.read(resource);
    if (!found) {
      step.op = "delete";
      const others = run.snapshot.remaining.filter((other) => other !== resource);
      return run.snapshot.commit({ drop: resource }, ...rename(others, resource.urn));
    }
    const ignored = resource.ignoreChanges ?? [];
    const actual = {
      id: found.id,
      outputs: markNamed(
        keepOld(resource.outputs ?? {}, found.outputs, ignored),
        resource.additionalSecretOutputs ?? [],
      ),
      inputs: keepOld(resource.inputs ?? {}, found.inputs ?? resource.inputs ?? {}, ignored),
    };
    // Asked the other way round: is what was recorded a change, seen from what there is?
    const { initErrors: _, ...healthy } = resource;
    const { changed } = await differenceOf(provider, { ...healthy, ...actual }, resource, resource.inputs ?? {});
    if (changed) {
      step.op = "update";
      step.changes = readableChanges(resource.outputs, actual.outputs);
    }
    const { id, outputs, inputs, initErrors } = resource;
    if (initErrors || !equal({ id, outputs, inputs }, actual)) {
      await run.snapshot.commit({ amend: resource, with: { ...actual, initErrors: undefined } });
    }
  });
}
