import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Stack } from "../../../provider/engine/index.js";
import { makeFolder, makeStack, Thing } from "./fixture.js";

const canary = "canary-4711";

test("secrets are marked by name, stay encrypted at rest, and show nowhere", async () => {
  const folder = makeFolder();
  const stateFile = join(folder, "state", "dev.json");
  const heard: string[] = [];
  const options = {
    folder,
    project: "fixture",
    stateFile,
    passphrase: "correct horse",
    config: { "ns:token": { value: canary, secret: true } },
    onEvent: (event: object) =>
      heard.push(JSON.stringify(event, (key, value) => (key === "outputs" ? undefined : value))),
  };
  const program = () => {
    const token = new pulumi.Config("ns").requireSecret("token");
    const one = new Thing("one", { text: token, nested: { deep: { token } } }, { additionalSecretOutputs: ["made"] });
    return { text: one.text, made: one.made, plain: 1 };
  };
  const stack = await Stack.create({ ...options, program });
  const up = await stack.up();
  expect(up.outputs).toEqual({
    text: { value: canary, secret: true },
    made: { value: true, secret: true },
    plain: { value: 1, secret: false },
  });
  expect((await stack.up()).changed).toBe(0);
  await stack.refresh();
  const exported = JSON.stringify(await stack.export());
  await stack.close();
  for (const text of [exported, readFileSync(stateFile, "utf8"), ...heard]) expect(text).not.toContain(canary);
  expect(readdirSync(join(folder, "state"))).toEqual(["dev.json"]);
  expect(JSON.parse(readFileSync(stateFile, "utf8"))).toMatchObject({
    version: 3,
    deployment: { secrets_providers: { type: "passphrase", state: { salt: expect.stringMatching(/^v1:/) } } },
  });

  const again = await Stack.create({ ...options, program });
  expect(await again.up()).toMatchObject({ ok: true, changed: 0, outputs: { text: { value: canary, secret: true } } });
  await again.close();
  await expect(Stack.create({ ...options, program, passphrase: "wrong" })).rejects.toThrow(/passphrase doesn't open/);
  expect(existsSync(`${stateFile}.lock`)).toBe(false);
});

test("runs that change nothing leave the file as it is, byte for byte; so does a preview", async () => {
  const folder = makeFolder();
  const stateFile = join(folder, "dev.json");
  let text = "first";
  const program = () => {
    for (let index = 0; index < 8; index += 1) new Thing(`t${index}`, { text: pulumi.secret(text) });
  };
  const stack = await Stack.create({ folder, project: "fixture", program, stateFile, passphrase: "x" });
  await stack.up();
  const before = readFileSync(stateFile);
  await stack.up();
  await stack.refresh();
  text = "second";
  await stack.preview();
  expect(readFileSync(stateFile).equals(before)).toBe(true);
  await stack.up();
  expect(readFileSync(stateFile).equals(before)).toBe(false);
  await stack.close();
});

test("a state file is used by one engine at a time, and needs a passphrase", async () => {
  const folder = makeFolder();
  const options = { folder, program: () => {}, stateFile: join(folder, "dev.json"), passphrase: "x" };
  const stack = await Stack.create(options);
  await expect(Stack.create(options)).rejects.toThrow(/Another engine is using this deployment/);
  await stack.close();
  await (await Stack.create(options)).close();
  const { passphrase: _, ...without } = options;
  await expect(Stack.create(without)).rejects.toThrow(/PULUMI_CONFIG_PASSPHRASE/);
});

test("export and import carry a deployment to another stack", async () => {
  const program = () => {
    new Thing("one", { text: pulumi.secret(canary) });
  };
  const { stack, folder } = await makeStack(program);
  await stack.up();
  const deployment = await stack.export();
  await stack.close();
  const other = await makeStack(program, { folder });
  await other.stack.import(deployment);
  expect((await other.stack.up()).changed).toBe(0);
  await expect(other.stack.import({ version: 4 } as never)).rejects.toThrow(/not a Pulumi deployment of version 3/);
  await other.stack.close();
});

test("a file that is no deployment is refused and left alone", async () => {
  const folder = makeFolder();
  const stateFile = join(folder, "dev.json");
  writeFileSync(stateFile, '{"some":"thing"}');
  await expect(Stack.create({ folder, program: () => {}, stateFile, passphrase: "x" })).rejects.toThrow(
    /not a Pulumi deployment/,
  );
  expect(readFileSync(stateFile, "utf8")).toBe('{"some":"thing"}');
});
