import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { pushwoosh } from "../../../provider/index";
import { journeyOutputs } from "../../../provider/pushwoosh/journey/state";
import { journeyOutputNames } from "../../../provider/sdk/pushwoosh-shapes";

/** What the engine would be asked to register. */
const registered = new Map<string, pulumi.runtime.MockResourceArgs>();

async function mocked(project = "shop") {
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.set(args.name, args);
        return { id: `${args.name}-id`, state: { ...args.inputs, journeyId: `${args.name}-id` } };
      },
      call: () => ({}),
    },
    project,
    "dev",
  );
}

beforeEach(async () => {
  registered.clear();
  await mocked();
});

const args: pushwoosh.JourneyArgs = { title: "Welcome", applicationCode: "AAAAA-BBBBB", points: {} };
const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function inputsOf(declared: pushwoosh.JourneyArgs, name = "welcome", opts?: pulumi.CustomResourceOptions) {
  const journey = new pushwoosh.Journey(name, declared, opts);
  await resolved(journey.urn);
  return registered.get(name)!.inputs;
}
const digestOf = async (declared: pushwoosh.JourneyArgs, name?: string) =>
  (await inputsOf(declared, name)).__portableDigest;

describe("Journey", () => {
  test("registers with the permanent type and the text that names its provider", async () => {
    const inputs = await inputsOf(args);
    expect(registered.get("welcome")!.type).toBe("pulumi-nodejs:dynamic/journeys/pushwoosh:Journey");
    expect(inputs).toMatchObject({
      title: "Welcome",
      applicationCode: "AAAAA-BBBBB",
      __ownUrn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/journeys/pushwoosh:Journey::welcome",
      __provider: 'exports.handler = () => require("pulumi-journeys/dynamic/pushwoosh-journey");',
    });
  });

  test("leaves the caller's object alone, so it can serve twice", async () => {
    const shared = { ...args };
    await inputsOf(shared, "one");
    await inputsOf(shared, "two");
    expect(shared).toEqual(args);
    expect(registered.size).toBe(2);
  });

  test("has every output of the declaration", async () => {
    expect(journeyOutputNames).toEqual(Object.keys(journeyOutputs.shape));
    const journey = new pushwoosh.Journey("welcome", args);
    for (const name of journeyOutputNames) expect(pulumi.Output.isInstance(journey[name])).toBe(true);
    expect(await resolved(journey.journeyId)).toBe("welcome-id");
  });

  test("its own URN is the one the engine gives it, also below a component", async () => {
    const parent = new pulumi.ComponentResource("shop:index:Campaign", "spring");
    const journey = new pushwoosh.Journey("welcome", args, { parent });
    const urn = await resolved(journey.urn);
    expect(urn).toContain("shop:index:Campaign$pulumi-nodejs:dynamic");
    expect(registered.get("welcome")!.inputs.__ownUrn).toBe(urn);
  });

  test("what goes wrong while it is made still names the line of the program", () => {
    const { stackTraceLimit } = Error;
    const fail = () => {
      throw new Error("no");
    };
    const make = (name: string, opts?: pulumi.CustomResourceOptions) => {
      try {
        return new pushwoosh.Journey(name, args, opts);
      } catch (error) {
        return (error as Error).stack;
      }
    };
    expect(make("")).toMatch(/name argument.*journey\.test/s);
    expect(make("transformed", { transformations: [fail] })).toMatch(/no\n\s+at fail/);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  test("is recognised by type", async () => {
    const journey = new pushwoosh.Journey("welcome", args);
    expect(pushwoosh.Journey.isInstance(journey)).toBe(true);
    expect(journey).toBeInstanceOf(pushwoosh.Journey);
    expect(pushwoosh.Journey.name).toBe("Journey");
    expect(pushwoosh.Journey.isInstance(new pulumi.ComponentResource("a:b:C", "c"))).toBe(false);
    expect(pushwoosh.Journey.isInstance(undefined)).toBe(false);
    await resolved(journey.urn);
  });

  test.each([
    ["import", { import: "8d0e" }],
    ["id", { id: "8d0e" }],
  ])("the option %s is refused before anything is registered", (option, opts) => {
    expect(() => new pushwoosh.Journey("welcome", args, opts)).toThrow(
      `Journey "welcome": the option \`${option}\` doesn't work with dynamic resources. Nothing was sent. Declare it with \`adoptId\``,
    );
    expect(registered.size).toBe(0);
  });

  test("a project whose configuration would be taken for the provider's is refused", async () => {
    await mocked("journeys");
    expect(() => new pushwoosh.Journey("welcome", args)).toThrow(
      /the project is named "journeys".*Give the project another name/,
    );
  });
});

describe("secret inputs", () => {
  test("are named by path, wherever they stand", async () => {
    const token = pulumi.secret("hunter22");
    const inputs = await inputsOf({
      ...args,
      title: token,
      comments: [{ text: "open" }, { text: token }],
      params: pulumi.output({ deep: token }),
      points: { "my point": { type: "T", data: Promise.resolve({ x: { y: token } }) }, open: { type: "T", data: {} } },
    });
    expect(inputs.__secretPaths).toEqual(["comments[1].text", "params", 'points["my point"].data.x.y', "title"]);
  });

  test("other Outputs aren't", async () => {
    const inputs = await inputsOf({
      ...args,
      title: pulumi.output("Welcome"),
      params: { a: pulumi.unsecret(pulumi.secret(1)) },
    });
    expect(inputs.__secretPaths).toEqual([]);
  });
});

describe("the portable digest", () => {
  const entry = (code: pulumi.Input<string>, segment: pulumi.Input<string>): pushwoosh.JourneyArgs => ({
    title: "Welcome",
    applicationCode: code,
    points: { start: pushwoosh.startBySegment({ application_code: code, filter_code: segment }) },
  });

  test("is the same in every environment", async () => {
    const staging = await digestOf(entry("AAAAA-11111", pulumi.output("seg-1")), "a");
    const production = await digestOf(entry("BBBBB-22222", pulumi.output("seg-2")), "b");
    expect(staging).toMatch(/^[\da-f]{64}$/);
    expect(production).toBe(staging);
    expect(await digestOf(entry(pulumi.output("CCCCC-33333"), Promise.resolve("seg-3")), "c")).toBeDefined();
  });

  test("an application code from outside is found in literals too", async () => {
    const inside = (code: pulumi.Input<string>, text: string) => ({ ...args, applicationCode: code, params: { text } });
    const literal = await digestOf(inside("AAAAA-11111", "app AAAAA-11111"), "a");
    expect(await digestOf(inside(pulumi.output("BBBBB-22222"), "app BBBBB-22222"), "b")).toBe(literal);
    expect(await digestOf(inside(pulumi.secret("BBBBB-22222"), "app BBBBB-22222"), "c")).toBe(literal);
  });

  test("differs when the definition does, and only then", async () => {
    const first = await digestOf(args, "a");
    expect(await digestOf({ ...args, title: "Other" }, "b")).not.toBe(first);
    expect(await digestOf({ ...args, points: { x: { type: "T", data: {} } } }, "c")).not.toBe(first);
    expect(await digestOf({ ...args, status: "running", forceDestroy: true }, "d")).toBe(first);
  });
});

describe("typed points", () => {
  test("are entries of the documented form", () => {
    expect(pushwoosh.startBySegment({ application_code: "A", filter_code: "S" }, { next: "hello" })).toEqual({
      type: "POINT_TYPE_START_BY_SEGMENT",
      role: "entry",
      data: { start_by_segment: { application_code: "A", filter_code: "S" } },
      next: "hello",
    });
    expect(pushwoosh.startByEvent({ application_code: "A", event_name: "E" })).toMatchObject({
      data: { message_bus: { event_name: "E" } },
    });
    expect(pushwoosh.startByApi({}, { type: "POINT_TYPE_MINE" })).toMatchObject({ type: "POINT_TYPE_MINE" });
  });
});
