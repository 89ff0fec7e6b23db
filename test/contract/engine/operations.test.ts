import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../../provider/engine/index.js";
import { changing, editWorld, makeFolder, makeStack, readWorld, Thing, takeCalls } from "./fixture.js";

const ops = (result: { steps: { op: string; name: string }[] }) =>
  result.steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);

test.concurrent("preview, up, up, edit, refresh, destroy", async () => {
  let text = "first";
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one", { text });
    const two = new Thing("two", { text: one.id });
    return { id: two.id, made: one.made };
  });

  const preview = await stack.preview();
  expect(preview).toMatchObject({
    ok: true,
    summary: { create: 3 },
    changed: 3,
    outputs: { id: { value: "[unknown]" } },
  });
  expect(takeCalls(folder, ...changing)).toEqual([]);
  expect(stack.resources).toEqual([]);

  const up = await stack.up();
  expect(ops(up)).toEqual(["create fixture-dev", "create one", "create two"]);
  expect(up.outputs).toEqual({ id: { value: "two-2", secret: false }, made: { value: true, secret: false } });
  expect(takeCalls(folder, ...changing)).toEqual(["create one", "create two"]);

  expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 3 }, changed: 0 });
  expect(takeCalls(folder, ...changing)).toEqual([]);

  text = "second";
  const edit = await stack.preview();
  expect(edit.steps.filter(({ op }) => op === "update")).toMatchObject([
    { name: "one", id: "one-1", changes: [{ path: ["text"], kind: "update", before: "first", after: "second" }] },
  ]);
  expect((await stack.up()).summary).toEqual({ same: 2, update: 1 });
  expect(takeCalls(folder, ...changing)).toEqual(["update one"]);

  expect(await stack.refresh()).toMatchObject({ ok: true, summary: { same: 2 }, changed: 0 });
  expect((await stack.up()).changed).toBe(0);

  expect(ops(await stack.destroy())).toEqual(["delete two", "delete one", "delete fixture-dev"]);
  expect(readWorld(folder).things).toEqual({});
  expect(stack.resources).toEqual([]);
  await stack.close();
});

test.concurrent("what the program no longer declares is deleted, what depends on it first", async () => {
  const chain = () => {
    let last: Thing | undefined;
    for (const name of ["a", "b", "c"]) last = new Thing(name, {}, last ? { dependsOn: last } : {});
  };
  const { stack, folder } = await makeStack(chain);
  await stack.up();
  takeCalls(folder);
  stack.setProgram(() => {
    new Thing("d");
  });
  expect(ops(await stack.preview())).toEqual(["create d", "delete c", "delete b", "delete a"]);
  expect((await stack.up()).summary).toEqual({ same: 1, create: 1, delete: 3 });
  expect(takeCalls(folder, ...changing)).toEqual(["create d", "delete c-3", "delete b-2", "delete a-1"]);
  await stack.close();
});

test.concurrent("refresh takes over what changed outside, and forgets what is gone", async () => {
  const { stack, folder } = await makeStack(() => {
    const one = new Thing("one", { text: "mine" });
    new Thing("two", { text: one.id });
  });
  await stack.up();
  editWorld(folder, (things) => {
    things["one-1"]!.text = "theirs";
  });
  takeCalls(folder);
  const refreshed = await stack.refresh();
  // Asked with the roles swapped: what there is, as old; what was recorded, as new.
  expect(takeCalls(folder, "diff").sort()).toEqual(["diff one theirs mine", "diff two one-1 one-1"]);
  expect(refreshed.steps.filter(({ op }) => op !== "same")).toMatchObject([
    { op: "update", name: "one", changes: [{ path: ["text"], before: "mine", after: "theirs" }] },
  ]);
  expect(ops(await stack.up())).toEqual(["update one"]);
  expect(readWorld(folder).things["one-1"]).toMatchObject({ text: "mine" });

  editWorld(folder, (things) => {
    delete things["one-1"];
  });
  expect(ops(await stack.refresh())).toEqual(["delete one"]);
  const two = stack.resources.find(({ urn }) => urn.endsWith("::two"));
  expect(JSON.stringify([two?.dependencies, two?.propertyDependencies])).not.toContain("::one");
  expect(ops(await stack.up())).toEqual(["create one", "update two"]);
  await stack.close();
});

test.concurrent("components hold children, inputs and outputs, and are no calls", async () => {
  class Group extends pulumi.ComponentResource {
    constructor(name: string, args: { size: number }) {
      super("fixture:index:Group", name, args);
      const child = new Thing(`${name}-child`, {}, { parent: this });
      this.registerOutputs({ childId: child.id });
    }
  }
  let size = 1;
  const { stack, folder } = await makeStack(() => {
    new Group("team", { size });
  });
  expect((await stack.up()).summary).toEqual({ create: 3 });
  const group = stack.resources.find(({ type }) => type === "fixture:index:Group");
  expect(group).toMatchObject({ custom: false, inputs: { size: 1 }, outputs: { childId: "team-child-1" } });
  expect(stack.resources.at(-1)?.urn).toBe(
    "urn:pulumi:dev::fixture::fixture:index:Group$pulumi-nodejs:dynamic/fixture:Thing::team-child",
  );
  size = 2;
  expect(ops(await stack.up())).toEqual(["update team"]);
  expect((await stack.up()).changed).toBe(0);
  takeCalls(folder);
  expect(ops(await stack.destroy())).toEqual(["delete team-child", "delete team", "delete fixture-dev"]);
  expect(takeCalls(folder, ...changing)).toEqual(["delete team-child-1"]);
  await stack.close();
});

test("no more calls run at once than `parallel` allows, and up to that many do", async () => {
  const program = () => {
    for (let index = 0; index < 6; index += 1) new Thing(`t${index}`, { delay: 200 });
  };
  const overlap = (calls: string[]) => {
    let running = 0;
    return Math.max(...calls.map((call) => (running += call.startsWith("created") ? -1 : 1)));
  };
  for (const [parallel, expected] of [
    [1, 1],
    [3, 3],
  ] as const) {
    const { stack, folder } = await makeStack(program, { parallel });
    await stack.up();
    expect(overlap(takeCalls(folder, "create", "created"))).toBe(expected);
    await stack.close();
  }
});

test("a resource that is only read is in the state, and is neither changed nor deleted", async () => {
  const { stack, folder } = await makeStack(() => new Thing("one", { text: "there" }) && undefined);
  await stack.up();
  const program = () => {
    new Thing("one", { text: "there" });
    const seen = new Thing("seen", {}, { id: "one-1" });
    return { text: seen.text };
  };
  stack.setProgram(program);
  const up = await stack.up();
  expect(up).toMatchObject({
    ok: true,
    summary: { read: 1, same: 2 },
    changed: 0,
    outputs: { text: { value: "there" } },
  });
  expect(stack.resources.find(({ urn }) => urn.endsWith("::seen"))).toMatchObject({ external: true, id: "one-1" });
  stack.setProgram(() => {
    new Thing("gone", {}, { id: "nobody" });
  });
  expect((await stack.up()).failure).toContain('there is nothing with the id "nobody"');
  takeCalls(folder);
  await stack.destroy();
  expect(takeCalls(folder, ...changing)).toEqual(["delete one-1"]);
  await stack.close();
});

test.concurrent("a reference to a resource is resolved, and configuration reaches program and provider", async () => {
  const { stack } = await makeStack(
    () => {
      const one = new Thing("one", { text: new pulumi.Config("ns").require("greeting") });
      const two = new Thing("two", { other: one });
      return { other: two, own: new pulumi.Config().requireObject("own") };
    },
    { config: { "ns:greeting": "hello", own: { a: [1, true] } } },
  );
  const up = await stack.up();
  expect(up.failure).toBeUndefined();
  expect(up.outputs.own?.value).toEqual({ a: [1, true] });
  const [, , one, two] = stack.resources;
  expect(one?.outputs).toMatchObject({ text: "hello", seen: "hello" });
  expect(two?.inputs?.other).toMatchObject({ urn: one?.urn, id: "one-1" });
  expect(two?.propertyDependencies).toEqual({ other: [one?.urn] });
  await stack.close();
});

test.concurrent("what a provider prints arrives before what it leads to, line by line", async () => {
  const seen: string[] = [];
  const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
  const program = () => {
    for (const name of names) new Thing(name, { say: `${name} says\n${name} more` });
  };
  const { stack } = await makeStack(program, {
    onEvent: (event) => {
      if (event.type === "output") seen.push(event.text);
      if (event.type === "step-started") seen.push(`${event.step.op} ${event.step.name}`);
    },
  });
  const up = await stack.up();
  for (const name of names) {
    const expected = [`${name} says`, `${name} more`, `create ${name}`];
    expect(seen.filter((line) => expected.includes(line))).toEqual(expected);
  }
  expect(up.messages).toHaveLength(60);
  expect(up.output[0]).toEqual({ source: "provider", stream: "stdout", text: up.messages[0] });
  await stack.close();
});

test.concurrent("the provider's process loads while the program does, and keeps for the next what Node compiled", async () => {
  const folder = makeFolder();
  const compiled = join(folder, "compiled");
  const started: string[] = [];
  const pids: number[] = [];
  const onEvent = (event: EngineEvent) => {
    if (event.type === "provider-started") pids.push(event.pid);
    if (event.type.endsWith("-started")) started.push(event.type);
  };
  const { stack } = await makeStack(() => new Thing("one") && undefined, {
    folder,
    env: { NODE_COMPILE_CACHE: compiled },
    onEvent,
  });
  await stack.up();
  expect(started.slice(0, 3)).toEqual(["operation-started", "provider-started", "step-started"]);
  expect(readdirSync(compiled, { recursive: true }).length).toBeGreaterThan(100); // the SDK alone is several hundred files
  stack.setProgram(() => {}); // nothing for a provider to do but the deletion, and then nothing at all
  await stack.up();
  await stack.up();
  expect(pids).toHaveLength(3);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  await stack.close();
});
