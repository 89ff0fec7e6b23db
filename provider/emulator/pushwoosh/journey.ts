import type { Json } from "../exchange";

/** The states a journey can be in. */
export const journeyStatuses = [
  "STATUS_DRAFT",
  "STATUS_RUNNING",
  "STATUS_PAUSED",
  "STATUS_FINISHED",
  "STATUS_ARCHIVED",
] as const;
export type JourneyStatus = (typeof journeyStatuses)[number];

/** The five lifecycle calls. */
export const lifecycleActions = ["start", "pause", "finish", "draft", "archive"] as const;
export type LifecycleAction = (typeof lifecycleActions)[number];

/** Who did something: a client through the API, or somebody in the platform's own builder. */
export type Actor = "api" | "outside";

/** What a create or PUT carries. Definitions are replaced whole, never changed in place. */
export interface JourneyDefinition {
  readonly title: string;
  readonly params: Json;
  readonly points: readonly Json[];
  readonly comments: readonly unknown[];
  /** Unknown top-level members, kept only where the switch says so. */
  readonly further: Json;
}

/** One change of status. */
export interface Transition {
  readonly time: string;
  readonly by: Actor;
  readonly action: LifecycleAction | "create" | "put";
  readonly from: JourneyStatus | null;
  readonly to: JourneyStatus;
}

/** One definition the journey has had. */
export interface Edition {
  readonly time: string;
  readonly by: Actor;
  readonly definition: JourneyDefinition;
}

/** What the undocumented list could show, from one change on. */
export interface ListedState {
  readonly time: number;
  /** List calls answered before the change. */
  readonly listCalls: number;
  readonly title: string;
  readonly status: JourneyStatus;
}

/** A journey as the platform holds it. */
export interface Journey {
  readonly id: string;
  definition: JourneyDefinition;
  status: JourneyStatus;
  readonly createdAt: string;
  updatedAt: string;
  /** True from the first start on. */
  everStarted: boolean;
  readonly editions: Edition[];
  readonly transitions: Transition[];
  readonly listed: ListedState[];
}

/** All journeys of the account, and which journey has which point. */
export class Journeys {
  private readonly byId = new Map<string, Journey>();
  private readonly journeyOfPoint = new Map<string, string>();
  /** List calls answered so far; the list's lag is counted in them. */
  listCalls = 0;

  get(id: string): Journey | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<Journey> {
    return this.byId.values();
  }

  add(journey: Journey): void {
    this.byId.set(journey.id, journey);
    this.claimPoints(journey);
  }

  /** Removes a journey as if it had never been: something the platform offers to nobody. */
  remove(journey: Journey): void {
    this.releasePoints(journey);
    this.byId.delete(journey.id);
  }

  /** Gives a journey another definition. */
  redefine(journey: Journey, definition: JourneyDefinition): void {
    this.releasePoints(journey);
    journey.definition = definition;
    this.claimPoints(journey);
  }

  /** The journey that has this point, if any. */
  ownerOfPoint(pointId: string): string | undefined {
    return this.journeyOfPoint.get(pointId);
  }

  clear(): void {
    this.byId.clear();
    this.journeyOfPoint.clear();
    this.listCalls = 0;
  }

  private claimPoints(journey: Journey): void {
    for (const point of journey.definition.points) {
      const id = pointId(point);
      if (id !== undefined && !this.journeyOfPoint.has(id)) this.journeyOfPoint.set(id, journey.id);
    }
  }

  private releasePoints(journey: Journey): void {
    for (const point of journey.definition.points) {
      const id = pointId(point);
      if (id !== undefined && this.journeyOfPoint.get(id) === journey.id) this.journeyOfPoint.delete(id);
    }
  }
}

/** The id of a point, where it has one. */
export function pointId(point: Json): string | undefined {
  return typeof point.uuid === "string" && point.uuid !== "" ? point.uuid : undefined;
}
