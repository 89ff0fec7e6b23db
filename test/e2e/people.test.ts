// People in and out of journeys through engine, provider process and HTTP: entered once, whatever else happens to the
// program, the journey, the engine or the provider process; and named nowhere.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pushwoosh } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { type OperationResult, Stack } from "../../provider/engine/index.js";
import { applicationCode } from "./canvas";
import { Ground, layOut } from "./ground";
import { EngineProcess } from "./killed";

const users = ["canary-user-1", "canary-user-2", "canary-user-3", "canary-user-4", "canary-user-5"];

const welcome = (more: Partial<pushwoosh.JourneyArgs> = {}): pushwoosh.JourneyArgs => ({
  title: "Welcome",
  applicationCode,
  status: "running",
  forceDestroy: true,
  points: { start: pushwoosh.startByApi({ attributes: ["code"] }) },
  ...more,
});

const good = ({ failure, ok }: OperationResult) => expect({ failure, ok }).toEqual({ failure: undefined, ok: true });

describe("an entry beside its journey", () => {
  let ground: Ground;
  let journey: pushwoosh.JourneyArgs;
  let journeyOptions: pulumi.CustomResourceOptions;
  let entry: Partial<pushwoosh.JourneyEntryArgs>;
  let entryName: string;
  let entryOptions: pulumi.CustomResourceOptions;
  const entered = () => ground.emulator.pushwoosh.entries().flatMap((call) => call.users ?? []);

  beforeEach(async () => {
    ground = await Ground.open();
    journey = welcome();
    journeyOptions = {};
    entry = {};
    entryName = "entry";
    entryOptions = {};
    ground.more = () => {
      const made = new pushwoosh.Journey("welcome", journey, journeyOptions);
      const args = { journey: made, users, partSize: 2, triggers: ["1"], ...entry };
      const { requestIds, outcome } = new pushwoosh.JourneyEntry(entryName, args, entryOptions);
      return { requestIds, outcome };
    };
    const first = await ground.up();
    good(first);
    expect(entered()).toEqual(users);
    expect(first.outputs.outcome).toEqual({ value: "accepted", secret: false });
    expect(first.outputs.requestIds?.value).toHaveLength(3);
  });
  afterEach(() => ground.close());

  const same = async () => {
    const next = await ground.up();
    expect(next).toMatchObject({ ok: true, changed: 0 });
    expect(entered()).toEqual(users);
  };

  test("a second run does nothing, nor one after a refresh", async () => {
    await same();
    good(await ground.refresh());
    await same();
    expect((await ground.preview()).changed).toBe(0);
  });

  test("a preview sends nothing and says what would be sent", async () => {
    entry = { triggers: ["2"] };
    const preview = await ground.preview();
    expect(preview.messages.join("\n")).toMatch(
      /replace journey entry "entry"\n.*triggers.*forces a replacement.*\n.*enter 5 people \(3 calls\)/,
    );
    expect(entered()).toEqual(users);
  });

  test("other triggers enter everyone once more", async () => {
    entry = { triggers: ["2"] };
    good(await ground.up());
    expect(entered()).toEqual([...users, ...users]);
    expect((await ground.up()).changed).toBe(0);
  });

  test("a longer list is recorded, and said", async () => {
    entry = { users: [...users, "canary-user-6"] };
    const next = await ground.up();
    good(next);
    expect(next.summary.update).toBe(1);
    expect(next.messages.join("\n")).toMatch(
      /warning: users \(now 6 people, 1 of them new\) changed: recorded without a call/,
    );
    await same();
  });

  test("a journey that is replaced", async () => {
    journey = welcome({ applicationCode: "SHOP0-00002" });
    const next = await ground.up();
    good(next);
    expect(next.summary.replace).toBe(1);
    await same();
  });

  test("a journey that is replaced, deleted first: the cascade leaves the entry alone", async () => {
    journey = welcome({ applicationCode: "SHOP0-00002" });
    journeyOptions = { deleteBeforeReplace: true };
    good(await ground.up());
    expect(ground.emulator.pushwoosh.journeys().map(({ status }) => status)).toEqual([
      "STATUS_ARCHIVED",
      "STATUS_RUNNING",
    ]);
    await same();
  });

  test("triggers that hang on the replaced journey, but turn out the same", async () => {
    entry = { triggers: ["1"] };
    journey = welcome({ applicationCode: "SHOP0-00002" });
    const { more } = ground;
    ground.more = () => {
      const made = new pushwoosh.Journey("welcome", journey, { deleteBeforeReplace: true });
      new pushwoosh.JourneyEntry("entry", {
        journey: made,
        users,
        partSize: 2,
        triggers: [made.journeyId.apply(() => "1")],
      });
    };
    good(await ground.up());
    expect(entered()).toEqual(users);
    ground.more = more;
    await same();
  });

  test("an engine told to replace the entry for another reason", async () => {
    entry = { maxUsers: 50 };
    entryOptions = { replaceOnChanges: ["*"], deleteBeforeReplace: true };
    good(await ground.up());
    expect(entered()).toEqual(users);
  });

  test("another name with an alias", async () => {
    entryName = "renamed";
    entryOptions = { aliases: [{ name: "entry" }] };
    good(await ground.up());
    await same();
  });

  test("a journey that isn't running any more is nobody's business", async () => {
    journey = welcome({ status: "paused" });
    good(await ground.up());
    await same();
  });

  test("new people for a journey known to be paused are refused in the preview", async () => {
    journey = welcome({ status: "paused" });
    good(await ground.up());
    entry = { triggers: ["2"] };
    expect((await ground.preview()).failure).toMatch(/illegal-move: .*the journey is paused/);
    expect(entered()).toEqual(users);
  });

  test("destroy takes nobody out; a removal does, once", async () => {
    const { more } = ground;
    ground.more = () => {
      more?.();
      const allJourneys = { allJourneys: true, allowAllJourneys: true } as const;
      new pushwoosh.UserRemoval("removal", { userIds: users, ...allJourneys });
    };
    good(await ground.up());
    expect(ground.emulator.pushwoosh.removals()).toHaveLength(1);
    await same();
    good(await ground.destroy());
    expect(ground.emulator.pushwoosh.removals()).toHaveLength(1);
    expect(entered()).toEqual(users);
  });

  test("nobody is named outside of secrets", async () => {
    ground.emulator.fault({ kind: "refuse", endpoint: "journey.enter", after: 1 });
    entry = { triggers: ["2"], users: [...users, "canary-user-6"] };
    const failed = await ground.up();
    expect(failed.failure).toMatch(/partly-done/);
    good(await ground.up());
    const records = readdirSync(join(ground.folder, ".journeys"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(ground.folder, ".journeys", name), "utf8"));
    const everything = JSON.stringify([ground.events, failed, records, await ground.stack.export()]);
    expect(everything).toMatch(/enter part/);
    expect(everything.match(/canary/g)).toBeNull();
  });
});

describe("killed", () => {
  const program = `
const { readFileSync } = require("node:fs");
const { pushwoosh } = require("pulumi-journeys");
new pushwoosh.JourneyEntry("entry", JSON.parse(readFileSync("entry.json", "utf8")));
`;
  const passphrase = "tests only";
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator?.close());

  /** A program with one entry, whose runs can be killed. */
  function site(journeyId: string) {
    const folder = layOut();
    const stateFile = join(folder, "state.json");
    writeFileSync(join(folder, "index.js"), program);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const config = {
      "journeys:pushwooshApiToken": { value: "test-token", secret: true },
      "journeys:pushwooshJourneyUrl": emulator.url,
      "journeys:requestRate": 0,
    };
    const args = (more: Partial<pushwoosh.JourneyEntryArgs> = {}) => ({ journeyId, users, partSize: 2, ...more });
    return {
      remove: () => rmSync(folder, { recursive: true, force: true }),
      async up(more?: Partial<pushwoosh.JourneyEntryArgs>): Promise<OperationResult> {
        const declare = () => void new pushwoosh.JourneyEntry("entry", args(more));
        const stack = await Stack.create({ project: "shop", folder, stateFile, passphrase, config, program: declare });
        try {
          return await stack.up();
        } finally {
          await stack.close();
        }
      },
      start(stop?: string): EngineProcess {
        writeFileSync(join(folder, "entry.json"), JSON.stringify(args()));
        return new EngineProcess("up", { program: { folder }, project: "shop", stateFile, passphrase, config }, stop);
      },
    };
  }

  interface Kill {
    victim: "provider" | "engine";
    /** The part during which it happens; `before`: the platform never takes that part. Or a point of the engine's own. */
    at: `${"before" | "during"} ${1 | 2 | 3}` | `${"before-call" | "after-answer" | "after-save"}:1`;
    /** Nobody knows of a part. */
    open?: true;
  }
  const kills: Kill[] = [
    { victim: "provider", at: "before 1", open: true },
    { victim: "provider", at: "during 1", open: true },
    { victim: "provider", at: "before 3", open: true },
    { victim: "provider", at: "during 2", open: true },
    { victim: "engine", at: "during 2" },
    { victim: "engine", at: "before-call:1" },
    { victim: "engine", at: "after-answer:1" },
    { victim: "engine", at: "after-save:1" },
  ];

  test.concurrent.for(kills)("$victim $at", async ({ victim, at, open }) => {
    const title = `${victim} ${at}`;
    const points = [{ uuid: "e", point_data: { start_by_api: {} } }];
    const id = emulator.behind.createJourney({ title, params: { application_code: applicationCode }, points });
    emulator.behind.journey(id).start();
    const entered = () =>
      [...emulator.pushwoosh.entered(id)].flatMap(([user, times]) => Array<string>(times).fill(user)).sort();
    const { start, up, remove } = site(id);
    await die(start, victim, at, id);

    const first = await up();
    if (open) {
      expect(first.failure).toMatch(/outcome-unknown: .*part \d of 3/);
      expect(new Set(entered()).size).toBe(entered().length);
      expect((await up()).failure).toMatch(/outcome-unknown/);
      good(await up({ onUnknown: at.startsWith("before") ? "resend" : "accept" }));
    } else good(first);
    expect(entered()).toEqual(users);
    good(await up(open && { onUnknown: at.startsWith("before") ? "resend" : "accept" }));
    expect(entered()).toEqual(users);
    remove();
  });

  async function die(start: (stop?: string) => EngineProcess, victim: Kill["victim"], at: Kill["at"], id: string) {
    const [moment = "", part] = at.split(" ");
    const engine = start(part ? undefined : at);
    let seen = 0;
    const release = emulator.on("before", { endpoint: "journey.enter", id }, async () => {
      seen += 1;
      if (seen !== Number(part)) return;
      if (victim === "provider") return engine.killProvider();
      engine.kill();
      // A provider notices that its engine is gone, and sends no further part.
      await delay(1500);
    });
    if (moment === "before")
      emulator.fault({ kind: "drop-before", endpoint: "journey.enter", id, after: Number(part) - 1 });
    await engine.ended;
    if (part && victim === "engine") expect(await engine.providerEnds(20_000)).toBe(true);
    release();
    engine.sweep();
    if (part) expect(seen, engine.text.slice(-2000)).toBe(Number(part));
  }
});
