import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  open,
  type Resource,
  Sealer,
  type State,
  seal,
  type UntypedDeployment,
} from "../../../provider/engine/deployment.js";
import { passphraseCrypter, processCrypter } from "../../../provider/engine/secrets.js";
import { Snapshot } from "../../../provider/engine/snapshot.js";
import { StateFile } from "../../../provider/engine/state-file.js";
import { secret } from "../../../provider/engine/values.js";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  path = join(folder, "dev.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const thing = (name: string, fields: Partial<Resource> = {}): Resource => ({
  urn: `urn:${name}`,
  custom: true,
  type: "t",
  id: `${name}-id`,
  ...fields,
});
const deployment = (...resources: Resource[]): UntypedDeployment =>
  seal({ resources, pending: [] }, new Sealer(processCrypter), new Date(0));

// ---- Secrets ------------------------------------------------------------------------------------------------------------

test("values are sealed in Pulumi's passphrase format and opened with the recorded salt", async () => {
  const crypter = await passphraseCrypter("correct horse");
  const salt = crypter.provider.state?.salt ?? "";
  expect(salt).toMatch(/^v1:[\w+/]{11}=:v1:[\w+/]{16}:[\w+/]+=*$/);
  const again = await passphraseCrypter("correct horse", salt);
  expect(again.decrypt(crypter.encrypt("Grüße"))).toBe("Grüße");
  await expect(passphraseCrypter("wrong", salt)).rejects.toThrow(/passphrase doesn't open/);
  await expect(passphraseCrypter("x", "v9:abc")).rejects.toThrow(/unknown form/);
});

test("a value that Pulumi's own tools encrypted can be opened", async () => {
  const crypter = await passphraseCrypter(
    "password",
    "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==",
  );
  expect(crypter.provider.type).toBe("passphrase");
});

test("secrets never stand in a sealed resource, and the same state seals to the same bytes", () => {
  const sealer = new Sealer(processCrypter);
  const resource = thing("a", {
    inputs: { token: secret("hush"), list: [secret({ inner: secret("hush") })] },
    outputs: { token: secret("hush") },
  });
  const sealed = sealer.seal(resource);
  expect(JSON.stringify(sealed)).not.toContain("hush");
  expect(sealer.seal(structuredClone(resource))).toEqual(sealed);
  const other = new Sealer(processCrypter);
  const opened = other.open(JSON.parse(JSON.stringify(sealed)));
  expect(opened.inputs).toEqual({ token: secret("hush"), list: [secret({ inner: "hush" })] });
  expect(other.seal(opened)).toEqual(sealed);
  const changed = sealer.seal({ ...resource, outputs: { token: secret("else") } });
  expect(changed.outputs).not.toEqual(sealed.outputs);
  expect(changed.inputs).toEqual(sealed.inputs);
});

test("shown secrets (plaintext) are read, too, and unknown fields stay", () => {
  const sealer = new Sealer(processCrypter);
  const shown = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hush"' };
  const state = open(
    { ...deployment().deployment, resources: [thing("a", { outputs: { x: shown }, sourcePosition: "here" })] },
    sealer,
  );
  expect(state.resources[0]).toMatchObject({ outputs: { x: secret("hush") }, sourcePosition: "here" });
});

// ---- The file -----------------------------------------------------------------------------------------------------------

test("a saved deployment is there for the next engine, and nothing else is left", async () => {
  const file = new StateFile(path);
  expect(file.base).toBeUndefined();
  await file.append([{ end: 1 }]);
  await file.save(deployment(thing("a")));
  await file.close();
  expect(readdirSync(folder)).toEqual(["dev.json"]);
  const next = new StateFile(path);
  expect(next.base).toEqual(deployment(thing("a")));
  expect(next.journal).toEqual([]);
  await next.close();
});

/** What a killed engine leaves: its lock is nobody's. */
function abandon(): void {
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: "then" }));
}

test("lines that were appended before a kill are read, up to one that was cut", async () => {
  const file = new StateFile(path);
  await Promise.all([file.append([{ add: 1 }]), file.append([{ add: 2 }])]);
  const journal = readFileSync(`${path}.journal`, "utf8");
  await file.close();
  writeFileSync(`${path}.journal`, `${journal}[{"add":`);
  abandon();
  const next = new StateFile(path);
  expect(next.journal).toEqual([[{ add: 1 }], [{ add: 2 }]]);
  await next.save(deployment(thing("a")));
  await next.close();
  expect(readdirSync(folder)).toEqual(["dev.json"]);
});

test("a kill between the whole file and the end of the journal doubles nothing", async () => {
  const file = new StateFile(path);
  await file.append([{ add: 1 }]);
  let journal = "";
  const saving = file.save(deployment(thing("a")));
  while (!journal.includes("saved")) {
    await new Promise((resolve) => setImmediate(resolve));
    if (existsSync(`${path}.journal`)) journal = readFileSync(`${path}.journal`, "utf8");
  }
  await saving;
  await file.close();
  writeFileSync(`${path}.journal`, journal);
  const next = new StateFile(path);
  expect(next.journal).toEqual([]);
  await next.close();
});

test("a journal that doesn't belong to the file is an error, and the lock is released", async () => {
  const file = new StateFile(path);
  await file.append([{ add: 1 }]);
  await file.close();
  writeFileSync(path, JSON.stringify(deployment(thing("b"))));
  expect(() => new StateFile(path)).toThrow(/was changed by something else/);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("the lock of a living process holds, that of a dead one doesn't", async () => {
  const file = new StateFile(path);
  expect(() => new StateFile(path)).toThrow(`is held by process ${process.pid} on ${hostname()}`);
  await file.close();
  abandon();
  await new StateFile(path).close();
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: 1, host: "elsewhere", since: "then" }));
  expect(() => new StateFile(path)).toThrow(/on elsewhere since then/);
});

// ---- The snapshot -------------------------------------------------------------------------------------------------------

/** A snapshot, and what a journal written by it leads to. */
function recorded(state: State) {
  const lines: never[][] = [];
  const snapshot = new Snapshot(state, async (entries) => void lines.push(JSON.parse(JSON.stringify(entries))));
  return { snapshot, replayed: () => Snapshot.replay(state, lines) };
}

test("registered resources come first, and unchanged ones change nothing", async () => {
  const { snapshot, replayed } = recorded({ resources: [thing("a"), thing("b"), thing("c")], pending: [] });
  const [, b, c] = snapshot.remaining;
  await snapshot.commit({ add: thing("c"), instead: c });
  expect(snapshot.changed).toBe(false);
  await snapshot.commit({ add: thing("b", { id: "new" }), instead: b });
  expect(snapshot.changed).toBe(true);
  expect(snapshot.state().resources.map(({ id }) => id)).toEqual(["c-id", "new", "a-id"]);
  expect(replayed()).toEqual(snapshot.state());
});

test("the state it started from is not touched", async () => {
  const state = { resources: [thing("a")], pending: [] };
  const { snapshot } = recorded(state);
  await snapshot.commit({ amend: snapshot.remaining[0]!, with: { delete: true } });
  expect(state.resources).toEqual([thing("a")]);
});

test("of what a killed run left open, creations are carried on, and the rest is told once", () => {
  const left = (["creating", "updating", "deleting"] as const).map((type) => ({ type, resource: thing(type) }));
  const { snapshot } = recorded({ resources: [], pending: left });
  expect(snapshot.interrupted).toEqual(left);
  expect(snapshot.state().pending).toEqual([left[0]]);
  expect(snapshot.changed).toBe(true);
  expect(recorded({ resources: [], pending: left.slice(0, 1) }).snapshot.changed).toBe(false);
});

test("whatever happens, the journal leads to the same state", async () => {
  const action = fc.record({
    kind: fc.constantFrom("add", "replace", "keep", "amend", "drop", "begin", "end"),
    pick: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
      const { snapshot, replayed } = recorded({
        resources: ["a", "b", "c", "d"].map((name) => thing(name)),
        pending: [],
      });
      const begun: number[] = [];
      for (const [index, { kind, pick }] of actions.entries()) {
        const olds = snapshot.remaining;
        const old = olds[pick % (olds.length || 1)];
        const all = [...snapshot.registered, ...olds];
        const any = all[pick % (all.length || 1)];
        if (kind === "add") await snapshot.commit({ add: thing(`n${index}`) });
        else if (kind === "replace" && old)
          await snapshot.commit({ amend: old, with: { delete: true } }, { add: thing(`r${index}`) });
        else if (kind === "keep" && old)
          await snapshot.commit({ add: { ...old, ...(pick % 2 ? {} : { id: "x" }) }, instead: old });
        else if (kind === "amend" && any) await snapshot.commit({ amend: any, with: { outputs: { index } } });
        else if (kind === "drop" && any) await snapshot.commit({ drop: any });
        else if (kind === "begin") begun.push(await snapshot.begin({ type: "creating", resource: thing(`p${index}`) }));
        else if (kind === "end" && begun.length > 0) await snapshot.commit({ end: begun.shift()! });
      }
      expect(replayed()).toEqual(JSON.parse(JSON.stringify(snapshot.state())));
    }),
  );
});
