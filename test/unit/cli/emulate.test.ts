// `journeys emulate`: every switch is a flag, and what is given there is what runs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emulateCommand } from "../../../provider/cli/emulate";
import { switches } from "../../../provider/emulator";
import { definition } from "../emulator/client";

let folder: string;
let printed = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journeys-emulate-"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs the command until it listens; `stop` is the Ctrl-C. */
async function emulate(...args: string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  printed = "";
  const before = new Set(process.listeners("SIGINT"));
  const command = emulateCommand().exitOverride();
  const ended = command.configureOutput({ writeErr: () => {} }).parseAsync(args, { from: "user" });
  const listening = () => process.listeners("SIGINT").find((listener) => !before.has(listener));
  await Promise.race([ended, vi.waitFor(() => expect(listening()).toBeDefined(), { timeout: 20_000 })]);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? "";
  return {
    url,
    stop: async () => {
      listening()?.("SIGINT");
      await ended;
    },
  };
}

const create = (url: string, authorization = "Api known") =>
  fetch(`${url}/api/v3/journeygateway`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(definition()),
  });

test("every switch is a flag whose help names values and default", () => {
  const flags = new Map(emulateCommand().options.map(({ long, description }) => [long, description]));
  for (const { name, values, default: preset, description } of switches) {
    const text = flags.get(`--${name}`);
    expect(text).toContain(description);
    expect(text).toContain(`default: ${preset}`);
    if (values !== "whole number") for (const value of values) expect(text).toContain(value);
  }
});

test("flags of both platforms, tokens, faults and a file take effect", async () => {
  const persist = join(folder, "state.json");
  const args = ["--persist", persist, "--seed", "7", "--token", "known", "--pushwoosh-list", "on"];
  const faults = ["--fault", "kind=429,endpoint=journey.create,retryAfter=3", "--fault", "kind=500-before"];
  const first = await emulate(...args, ...faults, "--pushwoosh-params-place", "top", "--engagelab-unknown-id", "404");
  expect(printed).toContain("(seed 7)");
  for (const key of ["pushwooshJourneyUrl", "pushwooshApiUrl", "engagelabUrl"])
    expect(printed).toContain(`pulumi config set journeys:${key} ${first.url}\n`);
  const limited = await create(first.url);
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "3"]);
  expect((await create(first.url)).status).toBe(500);
  expect((await create(first.url, "Api other")).status).toBe(401);
  expect(await (await create(first.url)).json()).toMatchObject({ params: { application_code: "AAAAA-11111" } });
  await first.stop();
  await expect(create(first.url)).rejects.toThrow();

  const second = await emulate(...args);
  const list = await fetch(`${second.url}/api/journey`, { headers: { authorization: "Api known" } });
  expect(await list.json()).toMatchObject({ payload: { items: [{ title: "Welcome" }] } });
  await second.stop();
  expect(JSON.parse(readFileSync(persist, "utf8")).version).toBe(1);
});

test.each([
  [["--pushwoosh-list", "maybe"], 'The switch pushwoosh-list takes off, on, not "maybe".'],
  [["--fault", "kind=teapot"], 'There is no fault of kind "teapot"'],
  [["--port", "x"], "not a whole number"],
  [["--pushwoosh-lists", "on"], "unknown option '--pushwoosh-lists'"],
  [["--persist", "/"], "EISDIR"],
])("%j is refused", async (args, message) => {
  await expect(emulate(...args)).rejects.toThrow(message);
  expect(printed).toBe("");
});
