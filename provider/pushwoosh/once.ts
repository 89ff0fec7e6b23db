/**
 * Things done once: when they are created, and again only when `triggers` change. Every other change is recorded and
 * does nothing, because what was done to people can't be adjusted afterwards.
 */
import { z } from "zod";
import { JourneysError } from "../core/errors";
import { masking } from "../core/mask";
import type { Change } from "../core/resource";
import { equal, hasUnknown, isUnknown, type Json, UNKNOWN } from "../core/values";

export const triggersShape = z
  .array(z.json() as z.ZodType<Json>)
  .optional()
  .describe(
    "Any values. It is done again when they change, and for no other reason; while one of them isn't known yet, nothing is decided. They are shown and saved in plain text: name an occasion, nobody's id.",
  )
  .meta({ replaces: true });

type Inputs = Readonly<Record<string, unknown>> & { triggers?: Json[] };

/** Whether the declaration asks for it to be done again. An unknown trigger asks for nothing: it may turn out the same. */
export function asksAgain(desired: Inputs, applied: Inputs): "yes" | "no" | "not known yet" {
  if (hasUnknown(desired.triggers)) return "not known yet";
  return equal(desired.triggers ?? [], applied.triggers ?? []) ? "no" : "yes";
}

/** Changed inputs, each by its own name. Lists of people show how many they are, never who. */
export function changesOf(
  applied: Inputs,
  desired: Inputs,
  names: readonly string[],
  people: readonly string[],
): Change[] {
  const changes: Change[] = [];
  for (const name of names) {
    const [before, after] = [applied[name], desired[name]];
    if (equal(before, after)) continue;
    const shown = (value: unknown) => (people.includes(name) ? countText(value) : (value as Json));
    if (before === undefined) changes.push({ path: [name], kind: "add", after: shown(after) });
    else if (after === undefined) changes.push({ path: [name], kind: "delete", before: shown(before) });
    else changes.push({ path: [name], kind: "update", before: shown(before), after: shown(after) });
  }
  return changes;
}

export function countText(people: unknown): string {
  if (isUnknown(people)) return UNKNOWN;
  const count = Array.isArray(people) ? people.length : 1;
  return count === 1 ? "1 person" : `${count.toLocaleString("en")} people`;
}

/** The change that makes an engine do it again. */
export function forcing(changes: readonly Change[]): Change[] {
  return changes.map((change) => (change.path[0] === "triggers" ? { ...change, replaces: true } : change));
}

/** An engine that updates where a replacement was planned must not have the new triggers recorded as done. */
export function notReplaced(resource: string): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    resource,
    what: "triggers changed, but the engine asks for an update where a replacement was planned",
    now: "nothing was sent",
    next: "run again",
  });
}

/** An error whose text repeats none of these people: a platform may echo what it was sent. */
export function withoutPeople(error: JourneysError, resource: string, people: readonly unknown[]): JourneysError {
  const mask = masking([people], [[]]);
  const { cause: _, ...parts } = error.parts;
  return new JourneysError({ ...parts, resource, what: mask(parts.what) });
}

/**
 * What this process knows of each resource's saved state. An engine may replace a resource for reasons of its own (an
 * option, another resource's replacement): the state then tells that it was done already.
 */
export class Saved<State> {
  readonly #states = new Map<string, { id: string; state: State }>();

  keep(urn: string | undefined, id: string, state: State): void {
    if (urn) this.#states.set(urn, { id, state });
  }

  of(urn: string | undefined): { id: string; state: State } | undefined {
    return urn ? this.#states.get(urn) : undefined;
  }
}
