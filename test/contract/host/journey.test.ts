// Every method of the real dynamic-provider process, with the journey resource behind it and the emulator behind that.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../provider/core/values";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { type CallError, DynamicProcess, sdks } from "./dynamic-process";

const SECRET = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const NONE = 1;
const SOME = 2;
const ENGINE_COMPARES = 0;

const marker = 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-journey");';
const urnOf = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/journeys/pushwoosh:Journey::${name}`;

const declared: JsonObject = {
  title: "Welcome",
  applicationCode: "AAAAA-BBBBB",
  status: "running",
  editWhileRunning: "pause-and-resume",
  points: {
    start: {
      type: "POINT_TYPE_EVENT",
      data: { message_bus: { event_name: "hi", application_code: "AAAAA-BBBBB" } },
      next: "push",
    },
    push: { type: "POINT_TYPE_SEND_PUSH", data: { send_push: { text: "Hello", count: 1 } } },
  },
};

/** Inputs as the class in a program sends them. */
const sent = (inputs: JsonObject = declared, secretPaths: string[] = [], name = "welcome"): JsonObject => ({
  ...inputs,
  __ownUrn: urnOf(name),
  __secretPaths: secretPaths,
  __portableDigest: "d1",
  __provider: marker,
});

const withText = (text: string): JsonObject => {
  const copy = structuredClone(declared) as JsonObject & { points: { push: { data: { send_push: JsonObject } } } };
  copy.points.push.data.send_push.text = text;
  return copy;
};

/** The engine unwraps secrets before it sends a state back to a provider that doesn't take them. */
const plain = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const marked = value as JsonObject | null;
      return [key, marked && typeof marked === "object" && SECRET in marked ? marked.value! : value];
    }),
  );

const failing = (promise: Promise<unknown>): Promise<CallError> =>
  promise.then(
    () => {
      throw new Error("should have failed");
    },
    (error: CallError) => error,
  );

describe.each(sdks)("the dynamic-provider process of %s", (sdk) => {
  let emulator: Emulator;
  let host: DynamicProcess;
  const calls = () => emulator.journal.map(({ endpoint }) => endpoint);

  beforeEach(async () => {
    emulator = await startEmulator({ tokens: ["token-1234567"], pushwoosh: { list: "on" } });
    host = await DynamicProcess.start(sdk);
  });
  afterEach(async () => {
    await host.close();
    await emulator.close();
  });

  const settings = (more: Record<string, string> = {}) => ({
    "journeys:pushwooshJourneyUrl": emulator.url,
    "journeys:requestRate": "0",
    "shop:unrelated": "x",
    ...more,
  });
  const configure = (more?: Record<string, string>) =>
    host.configure(settings(more), { "journeys:pushwooshApiToken": "token-1234567" });

  test("the whole life of a journey", async () => {
    await configure({ "journeys:pushwooshUseUndocumentedList": "true" });

    const checked = await host.check({}, sent());
    expect(checked).toEqual({ inputs: sent(), failures: [] });
    expect(host.stdout).toMatch(/^create journey "Welcome"\n {2}1\. /);
    expect(calls()).toEqual([]);

    const created = await host.create(sent());
    const journey = emulator.pushwoosh.journey("Welcome");
    expect(created.id).toBe(journey.id);
    expect(journey.status).toBe("STATUS_RUNNING");
    expect(created.properties).toMatchObject({
      journeyId: journey.id,
      status: "running",
      __provider: marker,
      __ownUrn: urnOf("welcome"),
    });

    const read = await host.read(created.id, created.properties);
    expect(read).toEqual({ id: created.id, properties: created.properties, inputs: sent() });

    const before = host.stdout;
    await host.check(sent(), sent());
    expect(await host.diff(created.id, read.properties, sent())).toEqual({ changes: NONE, replaces: [] });
    expect(host.stdout).toBe(before);

    const edited = sent(withText("Good day"));
    const writes = emulator.writes();
    await host.check(sent(), edited);
    expect(await host.diff(created.id, read.properties, edited)).toEqual({ changes: ENGINE_COMPARES, replaces: [] });
    expect(emulator.writes()).toBe(writes);
    const updated = await host.update(created.id, read.properties, edited);
    expect(calls().slice(-3)).toEqual(["journey.pause", "journey.update", "journey.start"]);
    expect(updated).toMatchObject({
      journeyId: created.id,
      status: "running",
      pointIds: created.properties.pointIds,
      __provider: marker,
    });

    // a refresh: read, and a difference with the roles swapped
    await host.restart();
    await configure({ "journeys:pushwooshUseUndocumentedList": "true" });
    emulator.behind.journey(created.id).pause();
    const seen = await host.read(created.id, updated);
    expect(seen.properties.status).toBe("paused");
    expect(seen.inputs).toEqual({ ...edited, status: "paused" });
    const shown = host.stdout;
    expect(await host.diff(created.id, seen.properties, sent(withText("Not checked")))).toMatchObject({
      changes: SOME,
    });
    expect(host.stdout).toBe(shown);

    const refused = await failing(host.delete(created.id, seen.properties));
    expect(refused.details).toMatch(/^consent-needed: journey "Welcome": /);
    const consenting = sent({ ...withText("Good day"), forceDestroy: true });
    await host.check(edited, consenting);
    const consented = await host.update(created.id, seen.properties, consenting);
    await host.delete(created.id, consented);
    expect(emulator.pushwoosh.journey(created.id).status).toBe("STATUS_ARCHIVED");
  });

  test("wrong inputs are failures with paths, before any call", async () => {
    await configure();
    const wrong = sent({ ...declared, titel: "x", status: "runing", points: { push: { type: "P" } } });
    const { failures } = await host.check({}, wrong);
    expect(failures).toEqual([
      { property: "status", reason: expect.stringContaining('did you mean "running"?') },
      { property: "points.push.data", reason: "is required: an object" },
      { property: "titel", reason: 'is not known here; did you mean "title"?' },
    ]);
    expect(calls()).toEqual([]);
    expect(host.stdout).toBe("");
  });

  test("values a preview doesn't know pass check and diff", async () => {
    await configure();
    const replaceable = { ...declared, forceDestroy: true };
    const unknown = sent({ ...replaceable, applicationCode: UNKNOWN, points: UNKNOWN });
    expect((await host.check({}, unknown)).failures).toEqual([]);
    const created = await host.create(sent(replaceable));
    await host.check(sent(replaceable), unknown);
    expect((await host.diff(created.id, created.properties, unknown)).replaces).toEqual(["applicationCode"]);
  });

  test("a refused move comes from diff, in words and with no call; a refresh isn't refused", async () => {
    await configure();
    const created = await host.create(sent());
    const sentBefore = calls().length;
    const back = sent({ ...declared, status: "draft" });
    expect(await host.diff(created.id, created.properties, back)).toMatchObject({ changes: SOME });
    await host.check(sent(), back);
    const error = await failing(host.diff(created.id, created.properties, back));
    expect(error.details).toMatch(/^illegal-move: journey "Welcome": [\s\S]+\n {2}next: /);
    await expect.poll(() => host.stderr).toBe('journey "Welcome": illegal-move, see the error of this resource\n');
    expect(calls()).toHaveLength(sentBefore);
  });

  test("a start that fails leaves a draft with id, state, provider and reason; the next update goes on", async () => {
    await configure();
    emulator.fault({ endpoint: "journey.start", kind: "refuse" });
    const error = await failing(host.create(sent()));
    const failed = host.initFailed(error);
    expect(failed.id).toBe(emulator.pushwoosh.journey("Welcome").id);
    expect(failed.properties).toMatchObject({
      journeyId: failed.id,
      status: "draft",
      __provider: marker,
      __ownUrn: urnOf("welcome"),
    });
    expect(failed.reasons).toHaveLength(1);
    expect(error.details).toBe(failed.reasons[0]);
    const updated = await host.update(failed.id, failed.properties, sent());
    expect(updated.status).toBe("running");
    expect(emulator.requests({ endpoint: "journey.create" })).toBe(1);
  });

  test("an update that fails half way keeps what it knows", async () => {
    await configure();
    const created = await host.create(sent());
    emulator.fault({ endpoint: "journey.update", kind: "refuse" });
    const edited = sent(withText("Good day"));
    const failed = host.initFailed(await failing(host.update(created.id, created.properties, edited)));
    expect(failed).toMatchObject({ id: created.id, properties: { journeyId: created.id, __provider: marker } });
    expect(emulator.pushwoosh.journey(created.id).status).toBe("STATUS_RUNNING");
  });

  test("a secret input is in no text, and outputs that repeat it are marked", async () => {
    await configure();
    const inputs = sent(withText("swordfish"), ["points.push.data.send_push.text"]);
    const created = await host.create(inputs);
    const open = Object.entries(created.properties).filter(
      ([, value]) =>
        JSON.stringify(value).includes("swordfish") && !(value && typeof value === "object" && SECRET in value),
    );
    expect(open).toEqual([]);
    expect(JSON.stringify(created.properties)).toContain("swordfish");
    const edited = sent(withText("hammerhead"), ["points.push.data.send_push.text"]);
    await host.check(inputs, edited);
    await host.diff(created.id, plain(created.properties), edited);
    expect(host.stdout).toContain("[secret]");
    emulator.fault({ endpoint: "journey.pause", kind: "refuse" });
    const error = await host.update(created.id, plain(created.properties), edited).then(
      () => ({ details: "" }),
      (thrown: CallError) => thrown,
    );
    expect(host.stdout + host.stderr + error.details).not.toMatch(/swordfish|hammerhead|token-1234567/);
  });

  test("calls that come while the provider is being configured are configured", async () => {
    await configure();
    const names = ["a", "b", "c", "d", "e"];
    const made = await Promise.all(names.map((name) => host.create(sent({ ...declared, title: name }, [], name))));
    expect(new Set(made.map(({ id }) => id)).size).toBe(5);
    expect(emulator.pushwoosh.journeys()).toHaveLength(5);
  });

  test("without a credential previews work, and every request says what to set", async () => {
    await host.configure(settings());
    await host.check({}, sent());
    expect(host.stdout).toContain("create journey");
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const error = await failing(host.create(sent()));
      expect(error.details).toMatch(/^missing-configuration: journey "Welcome": /);
      expect(error.details).toContain("journeys:pushwooshApiToken");
      expect(error.details).toContain("PUSHWOOSH_API_TOKEN");
    }
    expect(calls()).toEqual([]);
  });

  test("an engine that goes away: the call under way is finished, no other is begun, and the process ends", async () => {
    await configure();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      emulator.on("before", { endpoint: "journey.create" }, async () => {
        resolve();
        await held;
      });
    });
    const ended = new Promise((resolve) => host.child.once("exit", resolve));
    const creating = host.create(sent()).catch(() => {});
    await arrived;
    await host.engineAsked;
    host.loseEngine();
    await new Promise((resolve) => setTimeout(resolve, 3000)); // several times what the host needs to notice
    release();
    await ended;
    await creating;
    expect(calls()).toEqual(["journey.create"]);
  });
});

test("an old Node.js gets one line, for every method", async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})`;
  const host = await DynamicProcess.start("@pulumi/pulumi", ["--import", pretend]);
  try {
    await host.configure({});
    const line = "pulumi-journeys needs Node.js 22.19 or newer, and the node on PATH is 20.20.2; nothing was sent";
    expect((await failing(host.check({}, sent()))).details).toBe(line);
    await expect.poll(() => host.stderr).toBe("pulumi-journeys: can't run here\n");
    expect((await failing(host.create(sent()))).details).toBe(line);
    expect((await failing(host.delete("x", sent()))).details).toBe(line);
  } finally {
    await host.close();
  }
});
