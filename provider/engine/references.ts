/** What a resource names of others by URN: its parent, its provider, and what it depends on. */
import type { Resource } from "./deployment.js";
import type { Change } from "./snapshot.js";
import { providerUrn } from "./urn.js";

/** The URNs a resource needs. */
export function needsOf({ parent, provider, dependencies, propertyDependencies }: Resource): Set<string> {
  const urns = new Set([...(dependencies ?? []), ...Object.values(propertyDependencies ?? {}).flat()]);
  if (parent) urns.add(parent);
  if (provider) urns.add(providerUrn(provider));
  return urns;
}

/** What changes in `resources` if a URN that they name becomes another one, or, without `to`, nobody's. */
export function rename(resources: readonly Resource[], from: string, to?: string): Change[] {
  const swap = (urns: string[] = []) => urns.flatMap((urn) => (urn === from ? (to ?? []) : urn));
  return resources
    .filter((resource) => needsOf(resource).has(from))
    .map((resource) => {
      const { parent, provider, dependencies, propertyDependencies = {} } = resource;
      const properties = Object.entries(propertyDependencies).map(([key, urns]) => [key, swap(urns)] as const);
      const changed: Partial<Resource> = {
        dependencies: dependencies && swap(dependencies),
        propertyDependencies: Object.fromEntries(properties.filter(([, urns]) => urns.length > 0)),
      };
      if (to && parent === from) changed.parent = to;
      if (to && provider && providerUrn(provider) === from) changed.provider = to + provider.slice(from.length);
      return { amend: resource, with: changed };
    });
}
