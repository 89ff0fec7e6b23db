import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { OperationResult } from "../../../provider/engine/index.js";
import { changing, editWorld, makeStack, readWorld, Thing, takeCalls, thingType } from "./fixture.js";

const ops = (result: { steps: { op: string; name: string }[] }) =>
  result.steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
const errors = ({ diagnostics }: OperationResult) =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

test("a replacement is created before the old resource is deleted, and dependents follow", async () => {
  let text = "first";
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one", { text, replaceOn: "text" });
    new Thing("two", { text: one.id });
  });
  await stack.up();
  takeCalls(folder);
  text = "second";
  const preview = await stack.preview();
  expect(ops(preview)).toEqual(["replace one", "update two", "delete-replaced one"]);
  expect(preview.steps.find(({ op }) => op === "replace")).toMatchObject({ replaceKeys: ["text"] });
  takeCalls(folder);
  const up = await stack.up();
  expect(up.summary).toEqual({ same: 1, replace: 1, update: 1 });
  expect(takeCalls(folder, "check", ...changing)).toEqual([
    "check one known",
    "check one new",
    "create one",
    "check two known",
    "update two",
    "delete one-1",
  ]);
  expect((await stack.up()).changed).toBe(0);
  await stack.close();
});

test("with deleteBeforeReplace the old resource goes first, and with it what can't live without it", async () => {
  let text = "first";
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one", { text, replaceOn: "text" }, { deleteBeforeReplace: true });
    const two = new Thing("two", { text: one.id, replaceOn: "text" });
    new Thing("three", { text: one.id });
    new Thing("four", { text: two.id }, { dependsOn: one });
  });
  await stack.up();
  text = "second";
  takeCalls(folder);
  const preview = ops(await stack.preview());
  expect(preview.slice(0, 3)).toEqual(["delete-replaced two", "delete-replaced one", "replace one"]);
  expect(preview.slice(3).sort()).toEqual(["replace two", "update four", "update three"]);
  expect(takeCalls(folder, ...changing)).toEqual([]);
  await stack.up();
  expect(takeCalls(folder, ...changing).sort()).toEqual([
    "create one",
    "create two",
    "delete one-1",
    expect.stringMatching(/^delete two-/),
    "update four",
    "update three",
  ]);
  expect((await stack.up()).changed).toBe(0);
  await stack.close();
});

test("a cascade stops before a protected resource", async () => {
  let text = "first";
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one", { text, replaceOn: "text" }, { deleteBeforeReplace: true });
    new Thing("two", { text: one.id, replaceOn: "text" }, { protect: true });
  });
  await stack.up();
  text = "second";
  takeCalls(folder);
  expect((await stack.up()).failure).toMatch(/::two" is protected, but replacing ".*::one" would replace it too/);
  expect(takeCalls(folder, ...changing)).toEqual([]);
  await stack.close();
});

test("the provider, too, may ask for the old resource to go first; a failure after that is made good by the next run", async () => {
  let inputs: Record<string, unknown> = { text: "first" };
  const { stack, folder } = await makeStack(
    () => new Thing("one", { ...inputs, replaceOn: "text", deleteFirst: true }) && undefined,
  );
  await stack.up();
  inputs = { text: "second", fail: "create" };
  expect((await stack.up()).failure).toContain("the world is full");
  expect(stack.resources.at(-1)).toMatchObject({ id: "one-1", pendingReplacement: true });
  inputs = { text: "second" };
  takeCalls(folder);
  expect(ops(await stack.up())).toEqual(["replace one"]);
  expect(takeCalls(folder, ...changing)).toEqual(["create one"]);
  expect(stack.resources.at(-1)).toMatchObject({ id: "one-2" });
  expect(stack.resources.at(-1)).not.toHaveProperty("pendingReplacement");
  await stack.close();
});

test("a replaced resource whose deletion failed is deleted by the next run", async () => {
  let inputs: Record<string, unknown> = { text: "first", fail: "delete" };
  const { stack } = await makeStack(() => new Thing("one", { ...inputs, replaceOn: "text" }) && undefined);
  await stack.up();
  inputs = { text: "second" };
  expect((await stack.up()).failure).toContain("the world holds on to it");
  const left = stack.resources.filter(({ type }) => type === thingType);
  expect(left.map(({ id, delete: doomed }) => [id, doomed])).toEqual([
    ["one-2", undefined],
    ["one-1", true],
  ]);
  delete left[1]?.outputs?.fail;
  expect(ops(await stack.up())).toEqual(["delete-replaced one"]);
  await stack.close();
});

test("a protected resource is neither deleted nor replaced", async () => {
  let inputs: Record<string, unknown> = { text: "first", replaceOn: "text" };
  const program = () => {
    new Thing("one", inputs, { protect: true });
    new Thing("two");
  };
  const { stack, folder } = await makeStack(program);
  await stack.up();
  takeCalls(folder);
  inputs = { ...inputs, text: "second" };
  expect((await stack.up()).failure).toMatch(/"urn.*::one" is protected, but text can only be changed by replacing it/);
  stack.setProgram(() => {});
  expect(errors(await stack.up())).toEqual([expect.stringContaining('::one" is protected, so it is not deleted')]);
  expect((await stack.destroy()).ok).toBe(false);
  expect(takeCalls(folder, ...changing)).toEqual([]);
  await stack.close();
});

test("protect and retainOnDelete are taken over from a parent, and timeouts are recorded in seconds", async () => {
  const { stack } = await makeStack(() => {
    const parent = new Thing("parent", {}, { retainOnDelete: true, protect: true });
    new Thing("child", {}, { parent });
    new Thing(
      "free",
      {},
      { parent, protect: false, retainOnDelete: false, customTimeouts: { create: "1h30m", update: "45s" } },
    );
  });
  await stack.up();
  const entry = (name: string) => stack.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  expect(entry("child")).toMatchObject({ protect: true, retainOnDelete: true });
  expect(entry("free")).toMatchObject({ customTimeouts: { create: 5400, update: 45 } });
  expect(entry("free")).not.toHaveProperty("protect");
  expect(entry("free")).not.toHaveProperty("retainOnDelete");
  await stack.close();
});

test("retainOnDelete leaves the resource alone; what counts is the last saved value", async () => {
  let retainOnDelete = true;
  const { stack, folder } = await makeStack(() => new Thing("one", {}, { retainOnDelete }) && undefined);
  await stack.up();
  retainOnDelete = false;
  expect((await stack.destroy()).steps).toMatchObject([
    { op: "delete", name: "one", retained: true },
    { name: "fixture-dev" },
  ]);
  expect(Object.keys(readWorld(folder).things)).toEqual(["one-1"]);
  await stack.close();
});

test("ignoreChanges keeps the recorded inputs, in up and in refresh", async () => {
  let inputs: Record<string, unknown> = { text: "first", list: [{ a: 1, b: 1 }], free: 1 };
  const { stack, folder } = await makeStack(
    () => new Thing("one", inputs, { ignoreChanges: ["text", "list[0].a"] }) && undefined,
  );
  await stack.up();
  inputs = { text: "second", list: [{ a: 2, b: 1 }], free: 1 };
  expect((await stack.up()).changed).toBe(0);
  inputs = { text: "second", list: [{ a: 2, b: 2 }], free: 1 };
  expect(ops(await stack.up())).toEqual(["update one"]);
  expect(readWorld(folder).things["one-1"]).toMatchObject({ text: "first", list: [{ a: 1, b: 2 }] });
  editWorld(folder, (things) => Object.assign(things["one-1"]!, { text: "theirs", free: 2 }));
  await stack.refresh();
  expect(stack.resources.at(-1)?.outputs).toMatchObject({ text: "first", free: 2 });
  await stack.close();
});

test("replaceOnChanges replaces where the provider names what changed, or leaves the comparison to the engine", async () => {
  for (const [guess, expected] of [
    [true, "replace one"],
    [false, "update one"], // dynamic providers can't name properties
  ] as const) {
    let text = "first";
    const { stack } = await makeStack(
      () => new Thing("one", { points: { a: { text } }, guess }, { replaceOnChanges: ["points.*.text"] }) && undefined,
    );
    await stack.up();
    expect((await stack.up()).changed).toBe(0);
    text = "second";
    expect(ops(await stack.up())[0]).toBe(expected);
    await stack.close();
  }
});

test("aliases: a new name, type, parent or project is no new resource, and children and dependents follow", async () => {
  class Group extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
      super("fixture:index:Group", name, {}, opts);
    }
  }
  const { stack, folder } = await makeStack(() => {
    const group = new Group("old-group");
    new Thing("old-group-child", { name: "x" }, { parent: group });
    const one = new Thing("one", { name: "x" });
    new Thing("two", { text: one.id, name: "x" });
    new Thing("three", { name: "x" });
  });
  await stack.up();
  takeCalls(folder);
  stack.setProgram(() => {
    const group = new Group("new-group", { aliases: [{ name: "old-group" }] });
    new Thing("new-group-child", { name: "x" }, { parent: group });
    const one = new Thing("uno", { name: "x" }, { aliases: [{ name: "one", type: thingType }] }, "Other");
    new Thing("two", { text: one.id, name: "x" });
    new Thing("three", { name: "x" }, { parent: group, aliases: [{ parent: pulumi.rootStackResource }] });
  });
  const up = await stack.up();
  expect(up.failure).toBeUndefined();
  expect(up.summary).toEqual({ same: 6 });
  expect(takeCalls(folder, ...changing)).toEqual([]);
  const urns = stack.resources.map(({ urn }) => urn);
  for (const { dependencies = [] } of stack.resources) for (const urn of dependencies) expect(urns).toContain(urn);
  expect(JSON.stringify(stack.resources)).not.toContain("old-group");

  const exported = await stack.export();
  const moved = await makeStack(
    () => {
      const options = (name: string) => ({ aliases: [{ project: "fixture", name }] });
      new Thing("three", { name: "x" }, options("three"));
    },
    { project: "moved", folder },
  );
  await moved.stack.import(exported);
  expect(ops(await moved.stack.preview())).toContain("create three"); // it had a parent there
  await moved.stack.close();
  await stack.close();
});

test("references to an alias are rewritten before the dependents are registered", async () => {
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one");
    new Thing("two", { text: one.id }, { dependsOn: one });
  });
  await stack.up();
  takeCalls(folder);
  stack.setProgram(() => {
    new Thing("uno", { name: "one" }, { aliases: [{ name: "one" }] });
    new Thing("bad", { fail: "create" });
  });
  await stack.up();
  const two = stack.resources.find(({ urn }) => urn.endsWith("::two"));
  expect(two?.dependencies).toEqual([expect.stringMatching(/::uno$/)]);
  expect(two?.propertyDependencies).toEqual({ text: [expect.stringMatching(/::uno$/)] });
  await stack.close();
});

test("a resource that is only half done is kept, and brought to its end by the next run", async () => {
  let inputs: Record<string, unknown> = { text: "first", fail: "init" };
  const { stack, folder } = await makeStack(() => new Thing("one", inputs) && undefined);
  const up = await stack.up();
  expect(up.ok).toBe(false);
  expect(up.failure).toContain("the second half is missing");
  expect(stack.resources.at(-1)).toMatchObject({
    id: "one-1",
    initErrors: ["the second half is missing"],
    outputs: { made: true },
  });
  inputs = { text: "first" };
  takeCalls(folder);
  expect(ops(await stack.up())).toEqual(["update one"]);
  expect(takeCalls(folder, ...changing)).toEqual(["update one"]);
  expect(stack.resources.at(-1)).not.toHaveProperty("initErrors");
  inputs = { text: "third", fail: "init" };
  expect((await stack.up()).failure).toContain("still missing");
  expect(stack.resources.at(-1)).toMatchObject({ initErrors: ["still missing"], inputs: { text: "third" } });
  await stack.refresh();
  expect(stack.resources.at(-1)?.initErrors).toBeUndefined();
  await stack.close();
});

test("a failure stops what has not begun, lets run what has, and deletes nothing", async () => {
  const { stack, folder } = await makeStack(() => new Thing("old") && undefined);
  await stack.up();
  takeCalls(folder);
  stack.setProgram(() => {
    const slow = new Thing("slow", { delay: 300 });
    const bad = new Thing("bad", { fail: "create", delay: 50 });
    new Thing("after", { text: bad.id });
    new Thing("after-slow", { text: slow.id });
  });
  const up = await stack.up();
  expect(errors(up)).toEqual([`creating "bad" (${thingType}) failed: the world is full`]);
  expect(up.failure).toBe(errors(up)[0]);
  expect(takeCalls(folder, ...changing).sort()).toEqual(["create bad", "create slow"]);
  expect(Object.keys(readWorld(folder).things)).toEqual(["old-1", "slow-2"]);
  expect(stack.resources.map(({ id }) => id)).toEqual(expect.arrayContaining(["old-1", "slow-2"]));
  await stack.close();
});

test("what the program complains of after a failure is not repeated", async () => {
  let failed = () => {};
  const failure = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const program = async () => {
    new Thing("slow", { delay: 500 });
    new Thing("bad", { fail: "create" });
    await failure;
    await pulumi.log.error("and so I failed, too");
  };
  const { stack } = await makeStack(program, { onEvent: ({ type }) => type === "diagnostic" && failed() });
  expect(errors(await stack.up())).toEqual([expect.stringContaining("the world is full")]);
  await stack.close();
});

test("after a failure, steps that were decided but wait for their turn don't begin", async () => {
  const program = async () => {
    new Thing("slow", { delay: 700 });
    new Thing("bad", { fail: "create", delay: 500 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const name of ["x", "y"]) new Thing(name);
  };
  const { stack, folder } = await makeStack(program, { parallel: 2 });
  expect((await stack.up()).ok).toBe(false);
  expect(takeCalls(folder, "check")).toHaveLength(4);
  await stack.close();
  expect(Object.keys(readWorld(folder).things)).toEqual(["slow-1"]);
});

test.each([
  [
    "a refused input",
    { fail: "check" },
    /"one" .* has inputs that its provider refuses; nothing was sent.\n {2}text: is not welcome/,
  ],
  ["a creation without an id", { fail: "no id" }, /gave no id/],
  ["an unknown in an answer", { leak: true }, /not known yet/],
  [
    "the death of the provider",
    { fail: "die" },
    /provider process \(\d+\) was ended by SIGKILL while it was creating "one"/,
  ],
])("%s fails the run with words that say so", async (_, inputs, message) => {
  const { stack } = await makeStack(() => new Thing("one", inputs) && undefined);
  const up = await stack.up();
  expect(up.ok).toBe(false);
  expect(up.failure).toMatch(message);
  expect(stack.resources.filter(({ type }) => type === thingType)).toEqual([]);
  await stack.close();
});

test("two resources of one name are refused", async () => {
  const { stack } = await makeStack(() => {
    new Thing("one");
    new Thing("one");
  });
  expect(errors(await stack.up())).toEqual([expect.stringContaining("Two resources have the URN")]);
  await stack.close();
});

test("a program that fails in whatever way deletes nothing", async () => {
  const { stack, folder } = await makeStack(() => new Thing("old") && undefined);
  await stack.up();
  const fail = (text: string) => {
    throw new Error(text);
  };
  const programs: [RegExp, () => unknown][] = [
    [/my own mistake/, () => fail("my own mistake")],
    [/lost/, () => void Promise.reject(new Error("lost"))],
    [/in apply/, () => void new Thing("one").id.apply(() => fail("in apply"))],
    [/not good/, () => void pulumi.log.error("not good")],
  ];
  for (const [message, program] of programs) {
    stack.setProgram(program);
    expect((await stack.up()).failure).toMatch(message);
  }
  expect(readWorld(folder).things).toHaveProperty("old-1");
  await stack.close();
});

test.each([
  [
    "failed",
    () => {
      throw new Error("my own mistake");
    },
  ],
  ["ended well", () => {}],
])("a program that %s and goes on talking takes no word away from the next one", async (_, end) => {
  const { stack, folder } = await makeStack(() => new Thing("old") && undefined);
  await stack.up();
  let said: Promise<unknown> = Promise.resolve();
  stack.setProgram(() => {
    new Thing("old");
    said = new Promise((resolve) => setTimeout(() => resolve(pulumi.log.debug("after its end")), 1500));
    end();
  });
  await stack.up();
  await said;
  stack.setProgram(() => void pulumi.log.error("not good"));
  expect((await stack.up()).failure).toMatch(/not good/);
  expect(readWorld(folder).things).toHaveProperty("old-1");
  await stack.close();
});

test.each<[string, () => unknown, RegExp]>([
  ["import", () => new Thing("one", {}, { import: "x" }), /option import, which dynamic resources can't have/],
  [
    "an explicit provider",
    () => new (class Mine extends pulumi.ProviderResource {})("pulumi-nodejs", "mine"),
    /explicit provider/,
  ],
  [
    "a resource of another package",
    () => new (class Bucket extends pulumi.CustomResource {})("aws:s3:Bucket", "one", {}),
    /belongs to the package "aws"/,
  ],
  [
    "deletedWith",
    () => new Thing("one", {}, { deletedWith: new Thing("two") }),
    /does not support the DeletedWith option/,
  ],
  ["replaceWith", () => new Thing("one", {}, { replaceWith: [new Thing("two")] }), /replaceWith/i],
  ["replacementTrigger", () => new Thing("one", {}, { replacementTrigger: "x" }), /has the option replacementTrigger/],
  ["a hook", () => new Thing("one", {}, { hooks: { beforeCreate: [() => {}] } }), /hook/i],
  [
    "an error hook",
    () => new Thing("one", {}, { hooks: { onError: [new pulumi.ErrorHook("again", () => true)] } }),
    /hook/i,
  ],
  [
    "a state migration",
    () => new Thing("one", {}, { stateMigrations: [async () => undefined as never] }),
    /stateMigration|state migration/i,
  ],
  [
    "a component of another package",
    () => new (class Far extends pulumi.ComponentResource {})("far:index:Far", "one", {}, {}, true),
    /component of another package/,
  ],
  ["a transform of all invokes", () => void pulumi.runtime.registerInvokeTransform(() => undefined), /transform/i],
  ["a transform of all resources", () => void pulumi.runtime.registerResourceTransform(() => undefined), /transform/i],
  ["a transform", () => new Thing("one", {}, { transforms: [() => undefined] }), /does not support transforms/],
  [
    "a function",
    () => ({ out: pulumi.runtime.invoke("aws:index:get", {}) }),
    /function "aws:index:get" can't be called/,
  ],
  ["a stack reference", () => new pulumi.StackReference("a/b/c"), /dynamic resources only/],
])("%s is refused, not ignored", async (_, program, message) => {
  const { stack, folder } = await makeStack(program);
  const up = await stack.up();
  expect(up.ok).toBe(false);
  expect(errors(up).join("\n")).toMatch(message);
  expect(takeCalls(folder, ...changing).filter((call) => call.endsWith("one"))).toEqual([]);
  await stack.close();
});

test("cancel lets the running step end, starts nothing else, and leaves a good state", async () => {
  const { stack, folder } = await makeStack(
    () => {
      const slow = new Thing("slow", { delay: 400 });
      new Thing("after", { text: slow.id });
    },
    {
      onEvent: (event) =>
        event.type === "step-started" && event.step.name === "slow" && setTimeout(() => process.emit("SIGINT"), 50),
    },
  );
  const up = await stack.up();
  expect(up.failure).toContain("cancelled");
  expect(Object.keys(readWorld(folder).things)).toEqual(["slow-1"]);
  expect(stack.resources.at(-1)).toMatchObject({ id: "slow-1" });
  await stack.close();
});
