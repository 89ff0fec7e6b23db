// `journeys contacts …` as a person runs it: a process of its own, killed in the middle, and a file that a program takes over
// without a single send.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engagelab } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { Ground } from "./ground";

const binary = resolve(__dirname, "../../dist/cli/main.js");

let emulator: Emulator;
let folder: string;
const said: string[] = [];
beforeEach(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), "journeys-commands-"));
  said.length = 0;
});
afterEach(async () => {
  expect(said.join("\n")).not.toMatch(/canary/i);
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const bystanders = Array.from({ length: 3 }, (_, index) => ({ email: `bystander${index}@example.org` }));
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    email: `Canary.${index}@canary.example`,
    name: `Canary ${index}`,
    tags: index % 2 ? ["odd"] : [],
    fields: (index % 3 ? { Age: `${index}` } : {}) as Record<string, string>,
  }));

function start(
  ...args: string[]
): ChildProcess & { ended: Promise<{ code: number | null; out: string; err: string }> } {
  const child = spawn(process.execPath, [binary, "contacts", ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ENGAGELAB_API_USER: "user",
      ENGAGELAB_API_KEY: "canary-key",
      JOURNEYS_ENGAGELAB_URL: emulator.url,
      JOURNEYS_ENGAGELAB_RATE: "0",
      JOURNEYS_ENGAGELAB_CONCURRENCY: "2",
    },
  });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (data) => {
    texts.out += data;
  });
  child.stderr.on("data", (data) => {
    texts.err += data;
  });
  const ended = once(child, "close").then(([code]) => {
    said.push(texts.out, texts.err);
    return { code, ...texts };
  });
  return Object.assign(child, { ended });
}
const run = (...args: string[]) => start(...args).ended;

/** Ends the process at the so-manieth call of an endpoint, and lets the platform look at it once the process knows. */
function killAt(call: number, endpoint: string, child: ChildProcess, signal: NodeJS.Signals): void {
  let calls = 0;
  emulator.on("before", { endpoint }, async () => {
    calls += 1;
    if (calls !== call) return;
    const knows = signal === "SIGKILL" ? once(child, "exit") : once(child.stderr!, "data");
    child.kill(signal);
    await knows;
  });
}

describe("a purge", () => {
  const where = ["purge", "--where", "Email contain @canary.example"];
  const left = () => emulator.engagelab.count() - bystanders.length;

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "ended by %s goes on with the remaining count",
    async (signal) => {
      emulator.engagelab.seed([...bystanders, ...people(20)]);
      const child = start(...where, "--confirm-count", "20");
      killAt(5, "contact.delete", child, signal);
      const { code, err } = await child.ended;
      expect(code).not.toBe(0);
      expect(left()).toBeGreaterThan(0);
      expect(left()).toBeLessThan(20);
      if (signal !== "SIGKILL") expect(err).toMatch(new RegExp(`--confirm-count ${left()}: it goes on from here`));
      const wrong = await run(...where, "--confirm-count", "20");
      expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining(`${left()} contacts would be deleted`) });
      const { out } = await run(...where);
      const [, remaining] = /--confirm-count (\d+)/.exec(out) ?? [];
      expect(await run(...where, "--confirm-count", remaining!)).toMatchObject({ code: 0, err: "" });
      expect(emulator.engagelab.contacts().map(({ email }) => email)).toEqual(bystanders.map(({ email }) => email));
      expect(emulator.requests({ endpoint: "contact.deleteByCondition" })).toBe(0);
    },
  );

  test("whose output nobody reads to its end goes on to its own", async () => {
    emulator.engagelab.seed([...bystanders, ...people(20)]);
    const child = start(...where, "--confirm-count", "20");
    emulator.on("before", { endpoint: "contact.list" }, () => void child.stdout!.destroy());
    expect(await child.ended).toMatchObject({ code: 0, err: "" });
    expect(left()).toBe(0);
  });

  test("keeps the rate", async () => {
    emulator.engagelab.seed(people(4));
    const began = process.hrtime.bigint();
    const child = spawn(process.execPath, [binary, "contacts", ...where, "--confirm-count", "4"], {
      env: {
        PATH: process.env.PATH,
        ENGAGELAB_API_USER: "user",
        ENGAGELAB_API_KEY: "key",
        JOURNEYS_ENGAGELAB_URL: emulator.url,
        JOURNEYS_ENGAGELAB_RATE: "5",
      },
    });
    await once(child, "close");
    // The proof of the credential, the listing, and two calls for each contact.
    const calls = 1 + 1 + 2 * 4;
    expect(emulator.requests()).toBe(calls);
    expect(Number(process.hrtime.bigint() - began) / 1e9).toBeGreaterThan((calls - 1) / 5 - 0.3);
  });
});

describe("an export", () => {
  test.each([
    ["SIGKILL", 3],
    ["SIGTERM", 3],
    ["SIGTERM", 4],
  ] as const)("ended by %s at page %i of 4 leaves the file there was, and nothing else", async (signal, page) => {
    emulator.engagelab.seed(people(350));
    writeFileSync(join(folder, "people.csv"), "yesterday's");
    const child = start("export", "--csv", "people.csv", "--overwrite");
    killAt(page, "contact.list", child, signal);
    expect((await child.ended).code).not.toBe(0);
    expect(readdirSync(folder)).toEqual(["people.csv"]);
    expect(readFileSync(join(folder, "people.csv"), "utf8")).toBe("yesterday's");
    expect(await run("export", "--csv", "people.csv", "--overwrite")).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "people.csv"), "utf8").trim().split("\r\n")).toHaveLength(351);
  });

  test("is the source of a set that sends nothing, and whose preview then shows nothing to do", async () => {
    emulator.engagelab.seed(people(250));
    emulator.behind.contact("canary.7@canary.example").unsubscribe();
    expect(await run("export", "--csv", "people.csv")).toMatchObject({ code: 0, err: "" });
    expect(statSync(join(folder, "people.csv")).mode & 0o777).toBe(0o600);
    const ground = await Ground.open({
      sharing: emulator,
      config: {
        "journeys:engagelabApiKey": { value: "canary-key", secret: true },
      },
    });
    try {
      writeFileSync(join(ground.folder, "people.csv"), readFileSync(join(folder, "people.csv")));
      ground.more = () => {
        new engagelab.ContactSet("people", { source: { file: "people.csv" }, adoptExisting: true });
      };
      const before = emulator.engagelab.contacts();
      const requests = emulator.requests();
      const first = await ground.preview();
      expect(emulator.requests()).toBe(requests);
      expect(first.messages.join("\n")).toMatch(/upsert 250 members.*those that aren't as declared already/);
      expect(await ground.up()).toMatchObject({ ok: true });
      expect(emulator.writes()).toBe(0);
      const looked = emulator.requests();
      expect(await ground.preview()).toMatchObject({ ok: true, changed: 0 });
      expect(await ground.refresh()).toMatchObject({ ok: true });
      expect(await ground.preview()).toMatchObject({ ok: true, changed: 0 });
      expect(await ground.up()).toMatchObject({ ok: true, changed: 0 });
      expect(emulator.writes()).toBe(0);
      expect(emulator.requests()).toBeGreaterThan(looked);
      expect(emulator.engagelab.contacts()).toEqual(before);
    } finally {
      await ground.close();
    }
  });
});
