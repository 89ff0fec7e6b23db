import type { Json } from "../exchange";
import type { Account } from "./account";
import type { Journey, JourneyDefinition, JourneyStatus, LifecycleAction } from "./journey";

/** A journey's definition as somebody in the builder may change it. */
export interface EditableJourney {
  title: string;
  params: Json;
  points: Json[];
  comments: unknown[];
}

/** What somebody in the platform's own builder does to a journey: no request, no journal entry, no write counted. */
export interface JourneyBehind {
  /** Changes the definition in place; moves `updated_at`. */
  edit(change: (journey: EditableJourney) => void): JourneyBehind;
  start(): JourneyBehind;
  pause(): JourneyBehind;
  finish(): JourneyBehind;
  draft(): JourneyBehind;
  archive(): JourneyBehind;
  /** Makes the journey unknown to the platform, as if its account had never had it. */
  vanish(): void;
}

const result: Record<LifecycleAction, JourneyStatus> = {
  start: "STATUS_RUNNING",
  pause: "STATUS_PAUSED",
  finish: "STATUS_FINISHED",
  draft: "STATUS_DRAFT",
  archive: "STATUS_ARCHIVED",
};

/** Acts on a journey from outside; the builder's own rules are not looked at. `changed` keeps the file up to date. */
export function journeyBehind(account: Account, journey: Journey, changed: () => void): JourneyBehind {
  const move = (action: LifecycleAction): JourneyBehind => {
    account.move(journey, result[action], action, "outside");
    changed();
    return behind;
  };
  const behind: JourneyBehind = {
    edit: (change) => {
      const { further, ...definition } = journey.definition;
      const edited = structuredClone(definition) as EditableJourney;
      change(edited);
      account.redefine(journey, { ...edited, further }, "outside");
      changed();
      return behind;
    },
    start: () => move("start"),
    pause: () => move("pause"),
    finish: () => move("finish"),
    draft: () => move("draft"),
    archive: () => move("archive"),
    vanish: () => {
      account.journeys.remove(journey);
      changed();
    },
  };
  return behind;
}

/** Creates a draft from outside. */
export function createBehind(
  account: Account,
  journey: Partial<EditableJourney> & { title: string; params: Json },
): Journey {
  const { title, params, points = [], comments = [] } = structuredClone(journey);
  const definition: JourneyDefinition = { title, params, points, comments, further: {} };
  return account.create(definition, "outside");
}
