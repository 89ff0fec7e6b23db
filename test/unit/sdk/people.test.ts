import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { pushwoosh } from "../../../provider/index";

const registered = new Map<string, pulumi.runtime.MockResourceArgs>();
const journeyState = {
  journeyId: "11111111-2222-3333-4444-555555555555",
  status: "running",
  appliedInputs: JSON.stringify({ points: { start: { data: { start_by_api: {} } } } }),
};

beforeEach(async () => {
  registered.clear();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.set(args.name, args);
        const own = args.type.endsWith(":Journey") ? journeyState : {};
        return { id: `${args.name}-id`, state: { ...args.inputs, ...own } };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
  );
});

const secretMark = "4dabf18193072939515e22adb298388d";
const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("JourneyEntry", () => {
  test("people are secret inputs, and the provider is told so", async () => {
    const users = ["canary-1", "canary-2"];
    const entry = new pushwoosh.JourneyEntry("entry", { journeyId: journeyState.journeyId, users, triggers: [1] });
    await resolved(entry.urn);
    const { inputs, type } = registered.get("entry")!;
    expect(type).toBe("pulumi-nodejs:dynamic/journeys/pushwoosh:JourneyEntry");
    expect(inputs).toMatchObject({
      journeyId: journeyState.journeyId,
      triggers: [1],
      __secretPaths: ["users"],
      __provider: 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-journey-entry");',
    });
    expect(inputs.users).toMatchObject({ value: users });
    expect(Object.keys(inputs.users)).toContain(secretMark);
    expect(users).toEqual(["canary-1", "canary-2"]);
  });

  test("hwids are secret too; what isn't given isn't made up", async () => {
    const entry = new pushwoosh.JourneyEntry("entry", { journeyId: journeyState.journeyId, hwids: ["h"] });
    await resolved(entry.urn);
    const { inputs } = registered.get("entry")!;
    expect(inputs.__secretPaths).toEqual(["hwids"]);
    expect(inputs.users).toBeUndefined();
  });

  test("a journey passes its id, state and number of API entries along", async () => {
    const journey = new pushwoosh.Journey("welcome", { title: "Welcome", applicationCode: "A-B", points: {} });
    const entry = new pushwoosh.JourneyEntry("entry", { journey, users: ["u"] });
    await resolved(entry.urn);
    expect(registered.get("entry")!.inputs).toMatchObject({
      journeyId: journeyState.journeyId,
      journey: { status: "running", apiEntries: 1 },
    });
  });

  test("what is known of a journey may be said in plain values", async () => {
    const args = { journeyId: journeyState.journeyId, journey: { status: "paused" }, users: ["u"] };
    await resolved(new pushwoosh.JourneyEntry("entry", args).urn);
    expect(registered.get("entry")!.inputs).toMatchObject({ journey: { status: "paused" } });
  });

  test("can't be imported", () => {
    const make = () => new pushwoosh.JourneyEntry("entry", { users: ["u"] }, { import: "x" });
    expect(make).toThrow(/keeps nothing of an entry that could be imported/);
  });
});

test("UserRemoval: user ids are secret", async () => {
  const removal = new pushwoosh.UserRemoval("removal", { userIds: ["canary-1"], journeyIds: ["j"] });
  await resolved(removal.urn);
  const { inputs, type } = registered.get("removal")!;
  expect(type).toBe("pulumi-nodejs:dynamic/journeys/pushwoosh:UserRemoval");
  expect(inputs.__secretPaths).toEqual(["userIds"]);
  expect(Object.keys(inputs.userIds)).toContain(secretMark);
});
