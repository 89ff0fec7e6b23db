import type { World } from "../world";
import {
  type Actor,
  type Edition,
  type Journey,
  type JourneyDefinition,
  type JourneyStatus,
  Journeys,
  type Transition,
} from "./journey";
import type { PushwooshSwitches } from "./switches";

/** A call that put people into a journey. */
export interface Entry {
  readonly requestId: string;
  readonly journeyId: string;
  readonly time: string;
  /** Exactly one of these three. */
  readonly users?: readonly string[];
  readonly hwids?: readonly string[];
  readonly filter?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A call that took people out of journeys. */
export interface Removal {
  readonly time: string;
  readonly users: readonly string[];
  /** The active journeys they were taken out of. */
  readonly journeyIds: readonly string[];
}

/** Everything the Pushwoosh half holds, and the changes it can undergo. The rules of who may do what are the methods'. */
export class Account {
  readonly journeys = new Journeys();
  readonly entries: Entry[] = [];
  readonly removals: Removal[] = [];

  constructor(
    readonly world: World,
    readonly switches: Required<PushwooshSwitches>,
  ) {}

  create(definition: JourneyDefinition, by: Actor): Journey {
    const time = this.time();
    const status: JourneyStatus = "STATUS_DRAFT";
    const journey: Journey = {
      id: this.world.uuid(),
      definition,
      status,
      createdAt: time,
      updatedAt: time,
      everStarted: false,
      editions: [{ time, by, definition }],
      transitions: [{ time, by, action: "create", from: null, to: status }],
      listed: [],
    };
    this.journeys.add(journey);
    this.noteForList(journey);
    return journey;
  }

  redefine(journey: Journey, definition: JourneyDefinition, by: Actor): void {
    const edition: Edition = { time: this.time(), by, definition };
    this.journeys.redefine(journey, definition);
    journey.updatedAt = edition.time;
    journey.editions.push(edition);
    this.noteForList(journey);
  }

  move(journey: Journey, to: JourneyStatus, action: Transition["action"], by: Actor): void {
    const time = this.time();
    journey.transitions.push({ time, by, action, from: journey.status, to });
    journey.status = to;
    if (to === "STATUS_RUNNING") journey.everStarted = true;
    if (action !== "put" && this.switches.lifecycleUpdatedAt === "moved") journey.updatedAt = time;
    this.noteForList(journey);
  }

  /** The present as answers write it. */
  time(): string {
    return this.world.now().toISOString();
  }

  clear(): void {
    this.journeys.clear();
    this.entries.length = 0;
    this.removals.length = 0;
  }

  save(): unknown {
    const { journeys, entries, removals } = this;
    return { journeys: [...journeys.all()], listCalls: journeys.listCalls, entries, removals };
  }

  restore(saved: unknown): void {
    const { journeys, listCalls, entries, removals } = saved as {
      journeys: Journey[];
      listCalls: number;
      entries: Entry[];
      removals: Removal[];
    };
    this.clear();
    for (const journey of journeys) this.journeys.add(journey);
    this.journeys.listCalls = listCalls;
    for (const entry of entries) this.entries.push(entry);
    for (const removal of removals) this.removals.push(removal);
  }

  private noteForList(journey: Journey): void {
    journey.listed.push({
      time: this.world.now().getTime(),
      listCalls: this.journeys.listCalls,
      title: journey.definition.title,
      status: journey.status,
    });
  }
}
