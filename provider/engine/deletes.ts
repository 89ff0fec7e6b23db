/** Deleting: the order of it, and one deletion. */
import type { Resource } from "./deployment.js";
import { differenceOf } from "./difference.js";
import type { Providers } from "./providers.js";
import { needsOf } from "./references.js";
import { Abandoned, describe, type Run, StepError } from "./run.js";
import { isProvider } from "./urn.js";
import { unknown } from "./values.js";

export class Deletes {
  constructor(
    private readonly run: Run,
    private readonly providers: Providers,
  ) {}

  /**
   * Deletes what the program didn't register again and what was replaced, each as soon as everything that depends on it is
   * gone. Nothing is deleted if a protected resource is among them.
   */
  async deleteRemaining(): Promise<void> {
    const doomed = this.run.snapshot.remaining;
    const kept = doomed.filter((resource) => resource.protect && !resource.delete);
    for (const { urn } of kept) {
      this.run.fail(
        `"${urn}" is protected, so it is not deleted; nothing was. To delete it, set \`protect: false\` and run \`up\` first. To keep it but forget it, use \`retainOnDelete\`.`,
        urn,
      );
    }
    const users = usersOf(doomed);
    const deletions = new Map<Resource, Promise<void>>();
    const remove = (resource: Resource): Promise<void> => {
      // With a failure among its users, the resource stays: something may still need it.
      const gone = () => Promise.all((users.get(resource) ?? []).map(remove));
      const known = deletions.get(resource) ?? gone().then(() => this.run.execution.add(() => this.delete(resource)));
      deletions.set(resource, known);
      return known;
    };
    await Promise.allSettled(doomed.map(remove));
  }

  /** Deletes one resource; with `awaitsReplacement` its entry stays, and says that a replacement is due. */
  async delete(resource: Resource, awaitsReplacement = false): Promise<void> {
    const { snapshot, preview } = this.run;
    const settle = awaitsReplacement
      ? ({ amend: resource, with: { pendingReplacement: true } } as const)
      : ({ drop: resource } as const);
    // Nothing to delete, and nothing worth a line: a read resource, one that is gone already, the provider's own entry.
    if (resource.external || resource.pendingReplacement || isProvider(resource.type)) {
      if (this.run.failed) throw new Abandoned();
      return snapshot.commit(settle);
    }
    const step = describe(resource.delete || awaitsReplacement ? "delete-replaced" : "delete", resource);
    if (resource.retainOnDelete) step.retained = true;
    await this.run.step(step, async () => {
      if (preview || !resource.custom || resource.retainOnDelete) return snapshot.commit(settle);
      const provider = await this.providers.of(resource);
      const ask = () => provider.delete(resource);
      await this.run.mutate("deleting", resource, ask, (end) => snapshot.commit({ end }, settle));
    });
  }

  /**
   * Resources that can't live through the replacement of `old`, in the order in which they were made: those whose inputs come
   * from it (or from another of them) and whose provider would replace them for that. Those which this run has registered already are left alone. Throws if one is
   * protected.
   */
  async replacedWith(old: Resource, isRegistered: (urn: string) => boolean): Promise<Resource[]> {
    const urns = new Set([old.urn]);
    const found: Resource[] = [];
    for (const candidate of this.run.snapshot.remaining) {
      if (candidate === old || !candidate.custom || isRegistered(candidate.urn)) continue;
      if (candidate.delete || candidate.external || candidate.pendingReplacement) continue;
      const sources = Object.entries(candidate.propertyDependencies ?? {});
      const keys = sources.filter(([, from]) => from.some((urn) => urns.has(urn))).map(([key]) => key);
      if (keys.length === 0) continue;
      const inputs = { ...candidate.inputs, ...Object.fromEntries(keys.map((key) => [key, unknown])) };
      const provider = await this.providers.of(candidate);
      const { replaceKeys } = await differenceOf(provider, candidate, candidate, inputs);
      if (replaceKeys.length === 0) continue;
      const { urn } = candidate;
      if (candidate.protect)
        throw new StepError(
          `"${urn}" is protected, but replacing "${old.urn}" would replace it too. Nothing was changed.`,
        );
      urns.add(candidate.urn);
      found.push(candidate);
    }
    return found;
  }
}

/** For each resource, those that need it: as dependency, parent or provider. */
function usersOf(resources: readonly Resource[]): Map<Resource, Resource[]> {
  const users = new Map<Resource, Resource[]>(resources.map((resource) => [resource, []]));
  // A replaced resource and its replacement have one URN.
  const byUrn = new Map<string, Resource[]>();
  for (const resource of resources) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  for (const resource of resources) {
    for (const urn of needsOf(resource)) {
      for (const needed of byUrn.get(urn) ?? []) if (needed !== resource) users.get(needed)?.push(resource);
    }
  }
  return users;
}
