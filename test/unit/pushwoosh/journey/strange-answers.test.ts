/** Answers no documentation shows: what is believed then, and that a live journey is not paused over and over for it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Reply } from "../../../../provider/core/http";
import type { JsonObject } from "../../../../provider/core/values";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import type { JourneyInputs } from "../../../../provider/pushwoosh/journey/inputs";
import { edited } from "./bench";
import { Deployment, type Run } from "./deployment";
import { expectLive } from "./live";
import { declared } from "./operations";

let emulator: Emulator;
let deployment: Deployment;
beforeEach(async () => {
  emulator = await startEmulator();
  deployment = new Deployment(emulator);
});
afterEach(async () => {
  await deployment.close();
  await emulator.close();
});

const running = (more: Partial<JourneyInputs> = {}) => declared("strange", "running", more);
const status = () => emulator.pushwoosh.journey("strange").status;
const edit = ["journey.pause", "journey.update", "journey.start"];
async function up(inputs: JourneyInputs): Promise<Run> {
  const run = await deployment.up(inputs);
  expect(run.error?.message).toBeUndefined();
  return run;
}

/** Changes the body of every answer to a method. */
function answer(method: string, change: (body: JsonObject) => void): void {
  deployment.rewrite = (name, reply) => {
    if (reply.kind === "answered" && name.startsWith(method)) change(reply.body as JsonObject);
    return reply;
  };
}

describe("a state that is not documented", () => {
  test.each(["STATUS_UNSPECIFIED", "STATUS_STARTING", 7])(
    "%j: the call is taken at its word, and that is said",
    async (text) => {
      answer("journey.", ({ info }) => Object.assign(info as JsonObject, { status: text }));
      const created = await up(running());
      expect(created.logs).toEqual([
        `warning: Pushwoosh answered a state that is not documented (${JSON.stringify(text)}): taken as draft`,
        `warning: Pushwoosh answered a state that is not documented (${JSON.stringify(text)}): taken as running`,
      ]);
      expect(deployment.saved?.state).toMatchObject({ status: "running", statusSource: "assumed" });
      expect(await up(edited(running()))).toMatchObject({ calls: edit });
      expect(status()).toBe("STATUS_RUNNING");
      expectLive(emulator, deployment.saved!, edited(running()));
      expect(await deployment.up(edited(running()))).toMatchObject({ verb: "none", calls: [], logs: [] });
    },
  );

  test("none at all is assumed, and nothing to warn of", async () => {
    answer("journey.", ({ info }) => void delete (info as JsonObject).status);
    expect(await up(running())).toMatchObject({ calls: ["journey.create", "journey.start"], logs: [] });
    expect(deployment.saved?.state).toMatchObject({ status: "running", statusSource: "assumed" });
  });
});

describe.each([
  ["no list of points", (body: JsonObject) => void delete body.points],
  ["null in its place", (body: JsonObject) => void Object.assign(body, { points: null })],
])("an answer with %s", (_, change) => {
  test("to a start says nothing of the definition", async () => {
    answer("journey.start", change);
    await up(running());
    expect(await up(edited(running()))).toMatchObject({ calls: edit });
    expectLive(emulator, deployment.saved!, edited(running()));
    expect(await deployment.up(edited(running()))).toMatchObject({ verb: "none", calls: [] });
  });

  test("to the pause of an edit: nothing is replaced unseen, and the journey runs", async () => {
    await up(running());
    answer("journey.pause", change);
    const run = await deployment.up(edited(running()));
    expect([run.error?.code, run.calls]).toEqual(["edited-outside", ["journey.pause", "journey.start"]]);
    expect(run.error?.message).toMatch(/answered without its points.*where: points$.*it is running.*not replaced/ms);
    expect(status()).toBe("STATUS_RUNNING");
    expect(await up(edited(running({ overwriteOutsideEdits: true })))).toMatchObject({ calls: edit });
  });

  test("to a replace: not known to be kept, so the former definition is put back", async () => {
    await up(running());
    answer("journey.update", change);
    const run = await deployment.up(edited(running()));
    expect(run.error?.code).toBe("dropped-by-platform");
    expect(run.calls).toEqual(["journey.pause", "journey.update", "journey.update", "journey.start"]);
    expectLive(emulator, deployment.saved!, running());
    expect(status()).toBe("STATUS_RUNNING");
  });

  test("to the creation: nothing is started", async () => {
    answer("journey.create", change);
    const run = await deployment.up(running());
    expect([run.error?.code, run.calls, status()]).toEqual(["dropped-by-platform", ["journey.create"], "STATUS_DRAFT"]);
  });
});

test("a value that every start writes in a form of its own: one edit, then an error that names it, and it runs", async () => {
  await up(running());
  answer("journey.start", ({ points }) => {
    const push = (points as JsonObject[]).find(({ point_type }) => point_type === "POINT_TYPE_SEND_PUSH")!;
    Object.assign((push.point_data as JsonObject).send_push as JsonObject, { text: "<p>hi there</p>" });
  });
  const run = await deployment.up(edited(running({ overwriteOutsideEdits: true })));
  expect(run.calls).toEqual(edit);
  expect(run.error?.message).toMatch(
    /^guard-tripped: .*where: points\.push\.data\.send_push\.text.*it is running; it has the new definition.*mayBeDropped/s,
  );
  expect(status()).toBe("STATUS_RUNNING");
});

describe("a redirection, to a login page or by a proxy on the way", () => {
  const redirection: Reply = {
    kind: "refused",
    status: 302,
    body: undefined,
    text: "",
    message: "the address redirects",
  };
  const lost: Reply = { kind: "unknown", message: "the connection was reset" };

  /** The emulator gets the call only where the reply is none of these. */
  function replies(method: string, ...given: Reply[]): void {
    emulator.fault({ kind: "refuse", endpoint: method, times: given.length });
    deployment.rewrite = (name, reply) => (name === method ? (given.shift() ?? reply) : reply);
  }

  test("is no refusal after a lost answer: what we paused counts as paused until it runs", async () => {
    await up(running());
    replies("journey.start", lost, redirection);
    const run = await deployment.up(edited(running()));
    expect(run.error?.message).toMatch(/^unexpected-answer: .*HTTP 302.*it was paused by us/s);
    expect(status()).toBe("STATUS_PAUSED");
    expect(await up(edited(running()))).toMatchObject({ calls: ["journey.start"] });
    expect(status()).toBe("STATUS_RUNNING");
  });

  test("of a pause doesn't mean that somebody else paused it", async () => {
    await up(running());
    replies("journey.pause", redirection);
    const run = await deployment.up(edited(running()));
    expect([run.error?.code, run.calls]).toEqual(["unexpected-answer", ["journey.pause"]]);
    expect(deployment.saved?.state.status).toBe("running");
    expect(await up(edited(running()))).toMatchObject({ calls: edit });
  });

  test("of a finish is where a delete stops", async () => {
    await up(running());
    replies("journey.finish", redirection);
    const run = await deployment.destroy();
    expect([run.error?.code, run.calls]).toEqual(["unexpected-answer", ["journey.finish"]]);
  });
});
