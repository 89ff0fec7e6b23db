import type { Account, Entry, Removal } from "./account";
import type { Edition, Journey, JourneyDefinition, JourneyStatus, Transition } from "./journey";

/** A journey as it is at one moment, for assertions. Later changes do not reach it. */
export interface JourneySnapshot extends Omit<JourneyDefinition, "further"> {
  readonly id: string;
  readonly status: JourneyStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** True from the first start on. */
  readonly everStarted: boolean;
  /** Every definition it has had, the present one last. */
  readonly history: readonly Edition[];
  /** Every change of status, the creation first. */
  readonly transitions: readonly Transition[];
}

/** What the Pushwoosh half holds. */
export interface PushwooshView {
  /** All journeys, or all of a title, the oldest first. */
  journeys(title?: string): JourneySnapshot[];
  /** One journey by id, or by title if only one that isn't archived (or only one at all) has it. @throws Error if none or several do. */
  journey(idOrTitle: string): JourneySnapshot;
  /** The accepted calls of start by API, in order. */
  entries(): readonly Entry[];
  /** The accepted calls of drop users, in order. */
  removals(): readonly Removal[];
  /** How often each user id (or hwid) was entered into a journey. */
  entered(journeyId: string): ReadonlyMap<string, number>;
}

export function createView(account: Account): PushwooshView {
  return {
    journeys: (title) =>
      [...account.journeys.all()]
        .filter(({ definition }) => title === undefined || definition.title === title)
        .map(snapshot),
    journey: (idOrTitle) => snapshot(findJourney(account, idOrTitle)),
    entries: () => [...account.entries],
    removals: () => [...account.removals],
    entered: (journeyId) => countEntered(account, journeyId),
  };
}

/** A journey by id or title; an archived one gives way to one that isn't. */
export function findJourney(account: Account, idOrTitle: string): Journey {
  const byId = account.journeys.get(idOrTitle);
  if (byId) return byId;
  const titled = [...account.journeys.all()].filter((journey) => journey.definition.title === idOrTitle);
  const live = titled.filter((journey) => journey.status !== "STATUS_ARCHIVED");
  const [found, ...others] = live.length > 0 ? live : titled;
  if (!found) throw new Error(`The emulator has no journey with the id or title "${idOrTitle}".`);
  if (others.length > 0) {
    const ids = [found, ...others].map((journey) => journey.id).join(", ");
    throw new Error(`Several journeys have the title "${idOrTitle}": ${ids}. Name the one you mean by its id.`);
  }
  return found;
}

function snapshot(journey: Journey): JourneySnapshot {
  const { title, params, points, comments } = journey.definition;
  const { id, status, createdAt, updatedAt, everStarted, editions, transitions } = journey;
  return {
    ...structuredClone({ id, title, status, params, points, comments, createdAt, updatedAt, everStarted }),
    history: [...editions],
    transitions: [...transitions],
  };
}

function countEntered(account: Account, journeyId: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of account.entries) {
    if (entry.journeyId !== journeyId) continue;
    for (const person of entry.users ?? entry.hwids ?? []) counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  return counts;
}
