/** Everything a program can make happen to a journey, each with the calls it takes: what faults and kills are tried on. */
import type { Emulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { APP, edited, welcome } from "./bench";
import type { Deployment, Run } from "./deployment";

export interface Operation {
  name: string;
  /** Brings the journey to where the operation begins. */
  prepare(deployment: Deployment, title: string): Promise<void>;
  /** What the program then declares; undefined for a destroy. */
  inputs(title: string): JourneyInputs | undefined;
  /** What it declared before: what a reverted commit declares again. Undefined where there was nothing. */
  before?(title: string): JourneyInputs;
  /** Endpoints called when nothing goes wrong. */
  calls: string[];
  /** A journey, or a further one beside the one there is. */
  creates?: "one" | "a second";
  /** Looks without writing, and is tried as a refresh. */
  refresh?: true;
}

const consents = { editWhileRunning: "pause-and-resume", forceDestroy: true } as const;
export const declared = (title: string, status?: JourneyInputs["status"], more: Partial<JourneyInputs> = {}) =>
  welcome({ title, ...consents, ...(status && { status }), ...more });

async function up(deployment: Deployment, inputs: JourneyInputs): Promise<Run> {
  const run = await deployment.up(inputs);
  if (run.error) throw run.error;
  return run;
}

type Status = NonNullable<JourneyInputs["status"]>;
/** By the ways a program has to go. */
const ways: Record<Status, Status[]> = {
  draft: ["draft"],
  running: ["running"],
  paused: ["running", "paused"],
  finished: ["running", "finished"],
};
const from = (status: Status) => async (deployment: Deployment, title: string) => {
  for (const each of ways[status]) await up(deployment, declared(title, each));
};
const nothing = async () => undefined;
/** Declared before the operation, and brought about. */
const since = (status: Status) => ({ prepare: from(status), before: (title: string) => declared(title, status) });

/** A point more, a leaf more and a leaf less: what only comparing can tell from what the platform adds. */
function rebuilt(inputs: JourneyInputs): JourneyInputs {
  const { audience, push, exit } = inputs.points;
  const wait = { type: "POINT_TYPE_WAIT", data: { wait: { days: 1 } }, next: "push" };
  const richer = { ...push!, data: { send_push: { preset: "P-1", image: "https://example.com/a.png" } } };
  return { ...inputs, points: { audience: { ...audience!, next: "wait" }, wait, push: richer, exit: exit! } };
}

const otherApp = (title: string) => {
  const inputs = declared(title, "running", { applicationCode: "BBBBB-00002" });
  const audience = {
    ...inputs.points.audience!,
    data: { start_by_segment: { application_code: "BBBBB-00002", filter_code: "F-1" } },
  };
  return { ...inputs, points: { ...inputs.points, audience } };
};

/** A journey somebody made in the builder, running; its id. */
export function foreign(emulator: Emulator, title: string): string {
  const [exists] = emulator.pushwoosh.journeys(title);
  if (exists) return exists.id;
  const id = emulator.behind.createJourney({
    title,
    params: { application_code: APP },
    points: [
      {
        uuid: "aaaaaaaa-0000-4000-8000-000000000001",
        point_type: "POINT_TYPE_START_BY_SEGMENT",
        point_data: { start_by_segment: { application_code: APP, filter_code: "F-1" } },
        outputs: { default: { info: { next_point_uuid: "aaaaaaaa-0000-4000-8000-000000000002" } } },
      },
      {
        uuid: "aaaaaaaa-0000-4000-8000-000000000002",
        point_type: "POINT_TYPE_SEND_PUSH",
        point_data: { send_push: { preset: "P-1", text: "hello" } },
        outputs: { default: { info: { next_point_uuid: "aaaaaaaa-0000-4000-8000-000000000003" } } },
      },
      {
        uuid: "aaaaaaaa-0000-4000-8000-000000000003",
        point_type: "POINT_TYPE_EXIT",
        point_data: { exit: { reason: "done" } },
      },
    ],
  });
  emulator.behind.journey(id).start();
  return id;
}

const adopted = new Map<string, string>();
const adoption = (title: string, more: Partial<JourneyInputs> = {}) =>
  declared(title, "running", { adoptId: adopted.get(title)!, adoptStatus: "running", ...more });

export const operations: Operation[] = [
  {
    name: "create a draft",
    prepare: nothing,
    inputs: (title) => declared(title, "draft"),
    calls: ["journey.create"],
    creates: "one",
  },
  {
    name: "create and start",
    prepare: nothing,
    inputs: (title) => declared(title, "running"),
    calls: ["journey.create", "journey.start"],
    creates: "one",
  },
  {
    name: "edit a draft",
    ...since("draft"),
    inputs: (title) => edited(declared(title, "draft")),
    calls: ["journey.update"],
  },
  {
    name: "edit while running",
    ...since("running"),
    inputs: (title) => edited(declared(title, "running")),
    calls: ["journey.pause", "journey.update", "journey.start"],
  },
  {
    name: "edit while paused",
    ...since("paused"),
    inputs: (title) => edited(declared(title, "paused")),
    calls: ["journey.update"],
  },
  {
    name: "rebuild a draft",
    ...since("draft"),
    inputs: (title) => rebuilt(declared(title, "draft")),
    calls: ["journey.update"],
  },
  {
    name: "rebuild while running",
    ...since("running"),
    inputs: (title) => rebuilt(declared(title, "running")),
    calls: ["journey.pause", "journey.update", "journey.start"],
  },
  { name: "start", ...since("draft"), inputs: (title) => declared(title, "running"), calls: ["journey.start"] },
  {
    name: "edit and start",
    ...since("draft"),
    inputs: (title) => edited(declared(title, "running")),
    calls: ["journey.update", "journey.start"],
  },
  { name: "pause", ...since("running"), inputs: (title) => declared(title, "paused"), calls: ["journey.pause"] },
  {
    name: "edit and pause",
    ...since("running"),
    inputs: (title) => edited(declared(title, "paused")),
    calls: ["journey.pause", "journey.update"],
  },
  { name: "resume", ...since("paused"), inputs: (title) => declared(title, "running"), calls: ["journey.start"] },
  {
    name: "finish",
    ...since("running"),
    inputs: (title) => declared(title, "finished"),
    calls: ["journey.finish"],
  },
  {
    name: "edit and finish",
    ...since("running"),
    inputs: (title) => edited(declared(title, "finished")),
    calls: ["journey.pause", "journey.update", "journey.finish"],
  },
  {
    name: "back to draft",
    ...since("paused"),
    inputs: (title) => declared(title, "draft"),
    calls: ["journey.draft"],
  },
  {
    name: "replace",
    ...since("running"),
    inputs: otherApp,
    calls: ["journey.create", "journey.start", "journey.finish", "journey.archive"],
    creates: "a second",
  },
  {
    name: "adopt",
    prepare: async ({ emulator }, title) => void adopted.set(title, foreign(emulator, title)),
    inputs: (title) => adoption(title),
    calls: ["journey.statistics"],
  },
  {
    name: "first edit of an adopted one",
    prepare: async (deployment, title) => {
      adopted.set(title, foreign(deployment.emulator, title));
      await up(deployment, adoption(title));
    },
    before: (title) => adoption(title),
    inputs: (title) => edited(adoption(title)),
    calls: ["journey.pause", "journey.update", "journey.start"],
  },
  {
    name: "read",
    ...since("running"),
    inputs: (title) => declared(title, "running"),
    calls: ["journey.statistics"],
    refresh: true,
  },
  {
    name: "delete what runs",
    ...since("running"),
    inputs: () => undefined,
    calls: ["journey.finish", "journey.archive"],
  },
  { name: "delete a draft", ...since("draft"), inputs: () => undefined, calls: ["journey.archive"] },
];
