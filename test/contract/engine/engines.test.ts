import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { deploy, OperationFailed, selectEngine } from "../../../provider/engine/index.js";
import { makeFolder, makeStack, Thing } from "./fixture.js";

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

test("without the Pulumi CLI, auto means the local engine, and asking for the CLI is an error with words", async () => {
  process.env.PATH = "/nowhere";
  process.env.PULUMI_HOME = "/nowhere";
  const engine = await selectEngine("auto");
  expect(engine).toMatchObject({ name: "local", notice: expect.stringContaining("not the Pulumi CLI") });
  await expect(selectEngine("pulumi")).rejects.toThrow(
    /The Pulumi CLI can't be used: there is no program "pulumi" on the PATH\. Install it \S+ or choose the engine "local"\.$/,
  );
  const stack = await engine.create({ program: () => ({ done: true }), folder: makeFolder() });
  expect((await stack.up()).outputs).toEqual({ done: { value: true, secret: false } });
  await stack.close();
});

test("with the Pulumi CLI on the path, auto means the CLI", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "pulumi"), "#!/bin/sh\necho v3.270.0\n");
  chmodSync(join(folder, "pulumi"), 0o755);
  process.env.PATH = `${folder}:${PATH}`;
  expect(await selectEngine("auto")).toMatchObject({
    name: "pulumi",
    notice: expect.stringMatching(
      /^Pulumi CLI 3\.270\.0, state in local files\. Nobody has tried this with a real CLI/,
    ),
  });
  expect((await selectEngine("local")).name).toBe("local");
});

test("deploy is a stack and its first up, or an exception with every error", async () => {
  const folder = makeFolder();
  const { stack, result } = await deploy(() => new Thing("one") && { ok: 1 }, { folder });
  expect(result.summary).toEqual({ create: 2 });
  expect(stack.outputs).toEqual({ ok: { value: 1, secret: false } });
  await stack.close();
  await expect(deploy(() => new Thing("two", { fail: "create" }) && undefined, { folder })).rejects.toThrow(
    OperationFailed,
  );
});

test("two stacks at once in one process don't see each other", async () => {
  const stacks = await Promise.all(
    ["a", "b"].map((name) => makeStack(() => ({ id: new Thing(name).id }), { stack: name, config: { name } })),
  );
  const results = await Promise.all(stacks.map(({ stack }) => stack.up()));
  expect(results.map(({ outputs }) => outputs.id?.value)).toEqual(["a-1", "b-1"]);
  await expect(Promise.all([stacks[0]?.stack.up(), stacks[0]?.stack.up()])).rejects.toThrow("wait for its end");
  await Promise.all(stacks.map(({ stack }) => stack.close()));
});
