/** How many contacts this process has deleted. An engine announces no deletes, so the limit stops it midway. */
import { JourneysError } from "../../core/errors";
import type { Runtime } from "../../core/runtime";

export class Deletions {
  #count = 0;
  #underWay = 0;

  constructor(private readonly most: () => number) {}

  /** Takes one of the deletions that are allowed. @throws JourneysError `guard-tripped` */
  take(resource: string): void {
    if (this.#count + this.#underWay >= this.most()) throw tooMany(resource, this.#count, this.most());
    this.#underWay += 1;
  }

  /** The deletion taken has ended. */
  end(deleted: boolean): void {
    this.#underWay -= 1;
    if (deleted) this.#count += 1;
  }
}

function tooMany(resource: string, count: number, most: number): JourneysError {
  return new JourneysError({
    code: "guard-tripped",
    resource,
    what: `this run may delete at most ${most} contacts, and has deleted ${count} of them`,
    now: "this contact was not deleted, nor will be any other; those that were stay deleted",
    next:
      "if so many are meant to go, raise journeys:engagelabMaxDeletions and run again; it goes on from here " +
      "(a destroy takes the settings of the last `up`, so run that first)",
  });
}

/** The process's one count. */
export function deletions({ config }: Runtime): Deletions {
  return new Deletions(() => config.number("engagelabMaxDeletions"));
}
