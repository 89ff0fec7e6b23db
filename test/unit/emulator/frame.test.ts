import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseSwitch, startEmulator, switches } from "../../../provider/emulator/index";
import { create, created, definition, info, move, replace, send, start } from "./client";

describe("journal", () => {
  it("has each request in order, with what it was about and what came of it", async () => {
    const emulator = await start({ clock: () => new Date("2030-01-01T00:00:00Z") });
    const id = await created(emulator);
    await move(emulator, "pause", id);
    await send(emulator, "GET", "/api/nowhere?x=1");
    expect(emulator.journal).toMatchObject([
      {
        n: 1,
        time: "2030-01-01T00:00:00.000Z",
        platform: "pushwoosh",
        endpoint: "journey.create",
        method: "POST",
        path: "/api/v3/journeygateway",
        body: definition(),
        status: 200,
        committed: true,
        id,
        title: "Welcome",
      },
      { n: 2, endpoint: "journey.pause", body: { uuid: id }, status: 400, committed: false, id, title: "Welcome" },
      { n: 3, endpoint: "unknown", method: "GET", path: "/api/nowhere?x=1", status: 404, committed: false },
    ]);
    expect([emulator.requests(), emulator.writes()]).toEqual([3, 1]);
    expect([emulator.requests({ title: "Welcome" }), emulator.writes({ endpoint: "journey.pause" })]).toEqual([2, 0]);
    expect([emulator.requests({ method: "GET" }), emulator.requests({ platform: "engagelab" })]).toEqual([1, 0]);
  });

  it("never holds a credential", async () => {
    const emulator = await start();
    await send(emulator, "POST", "/api/v3/journeygateway", definition(), { authorization: "Api canary-token" });
    expect(JSON.stringify([emulator.journal, emulator.pushwoosh.journeys()])).not.toContain("canary");
  });

  it("leaves bodies out when asked, and keeps text that is not JSON otherwise", async () => {
    const lean = await start({ journalBodies: false });
    await created(lean);
    expect(lean.journal[0]).not.toHaveProperty("body");
    const full = await start();
    expect((await send(full, "POST", "/api/v3/journeygateway", undefined, { text: "{" })).body).toMatchObject({
      code: 3,
    });
    expect(full.journal[0]?.body).toBe("{");
  });
});

describe("hooks", () => {
  it("run between two calls of a client and wait to be done", async () => {
    const emulator = await start();
    const id = await created(emulator);
    await move(emulator, "start", id);
    const seen: unknown[] = [];
    emulator.on("after", { endpoint: "journey.pause" }, async (request) => {
      await new Promise((done) => setTimeout(done, 10));
      seen.push([request.status, request.committed]);
      emulator.behind.journey(id).edit((journey) => {
        journey.title = "Changed meanwhile";
      });
    });
    const off = emulator.on("before", { title: "Changed meanwhile" }, (request) => {
      seen.push(request.status);
    });
    await move(emulator, "pause", id);
    expect(emulator.pushwoosh.journey(id).title).toBe("Changed meanwhile");
    await replace(emulator, id, definition("Changed meanwhile"));
    off();
    await move(emulator, "start", id);
    expect(seen).toEqual([[200, true], undefined]);
  });
});

describe("a file", () => {
  let folder: string;
  let persist: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
    persist = join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("brings everything back, and no id twice", async () => {
    const options = { persist, pushwoosh: { list: "on", listLagCalls: 1 } } as const;
    const first = await start(options);
    const id = await created(first);
    await move(first, "start", id);
    first.behind.journey(id).pause();
    first.advance({ hours: 5 });
    const time = first.now().getTime();
    await send(first, "GET", "/api/journey");
    const before = first.pushwoosh.journeys();
    await created(first, definition("Later"));
    await first.close();

    const second = await start(options);
    expect(second.pushwoosh.journeys().slice(0, 1)).toEqual(before);
    const { payload } = (await send(second, "GET", "/api/journey")).body;
    expect(payload).toMatchObject({ items: [{ id, status: "STATUS_PAUSED" }] });
    expect(second.now().getTime()).toBeGreaterThanOrEqual(time);
    expect(await created(second)).not.toBe(id);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("brings the seed back, on which codes and figures rest", async () => {
    const first = await start({ persist, seed: undefined });
    await created(first);
    await first.close();
    const second = await start({ persist, seed: undefined });
    expect(second.seed).toBe(first.seed);
  });

  it("is complete before the client has its answer", async () => {
    const emulator = await start({ persist });
    emulator.fault({ kind: "drop-after" });
    await expect(create(emulator)).rejects.toThrow();
    expect(JSON.parse(readFileSync(persist, "utf8")).platforms.pushwoosh.journeys).toHaveLength(1);
    emulator.reset();
    expect(JSON.parse(readFileSync(persist, "utf8")).platforms.pushwoosh.journeys).toHaveLength(0);
  });

  it("that can't be written stops the start", async () => {
    await expect(startEmulator({ persist: join(folder, "missing", "state.json") })).rejects.toThrow(/ENOENT/);
  });

  it("is left alone when it is something else", async () => {
    for (const text of ["{}", "not JSON"]) {
      writeFileSync(persist, text);
      await expect(startEmulator({ persist })).rejects.toThrow(/was not written by this emulator/);
      expect(readFileSync(persist, "utf8")).toBe(text);
    }
  });
});

describe("switches", () => {
  it("are listed with values, default and description, each name once", () => {
    const names = switches.map((entry) => entry.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("pushwoosh-transitions");
    for (const { values, default: byDefault, description } of switches) {
      expect(description).not.toBe("");
      if (values !== "whole number") expect(values[0]).toBe(byDefault);
    }
  });

  it("are read from text", () => {
    const transitions = { platform: "pushwoosh", option: "transitions", value: "permissive" };
    expect(parseSwitch("pushwoosh-transitions", "permissive")).toEqual(transitions);
    expect(parseSwitch("pushwoosh.transitions", "permissive")).toEqual(transitions);
    expect(parseSwitch("pushwoosh-list-lag-calls", "3").value).toBe(3);
    expect(() => parseSwitch("pushwoosh-transitions", "loose")).toThrow(/takes strict, permissive, not "loose"/);
    expect(() => parseSwitch("pushwoosh-list-lag-calls", "-1")).toThrow(/whole number from 0 up/);
    expect(() => parseSwitch("pushwoosh-list-lag-calls", "")).toThrow(/whole number from 0 up/);
    expect(() => parseSwitch("gravity", "off")).toThrow(/no switch "gravity"/);
  });

  it("that do not exist, or not with that value, stop the start", async () => {
    await expect(startEmulator({ pushwoosh: { gravity: "off" } as object })).rejects.toThrow(/gravity is not a switch/);
    await expect(startEmulator({ pushwoosh: { list: "maybe" } as object })).rejects.toThrow(/takes off, on/);
  });
});

describe("seed, clock and reset", () => {
  it("gives the same ids for the same seed only", async () => {
    const ids = async (seed: number) => created(await start({ seed }));
    expect(await ids(5)).toBe(await ids(5));
    expect(await ids(5)).not.toBe(await ids(6));
    expect(await ids(5)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("takes time from the clock and from advance", async () => {
    const emulator = await start({ clock: () => new Date("2030-01-01T00:00:00Z") });
    emulator.advance({ hours: 1, minutes: 2, seconds: 3 });
    expect(info(await create(emulator)).created_at).toBe("2030-01-01T01:02:03.000Z");
  });

  it("forgets everything on reset", async () => {
    const emulator = await start();
    await created(emulator);
    emulator.fault({ kind: "401" });
    emulator.on("before", {}, () => {
      throw new Error("still there");
    });
    emulator.reset();
    expect([emulator.pushwoosh.journeys(), emulator.journal, emulator.writes()]).toEqual([[], [], 0]);
    expect((await create(emulator)).status).toBe(200);
  });
});
