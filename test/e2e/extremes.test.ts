// Odd worlds through host and engine: long definitions, strange titles, record folders that are shared, named oddly or taken away.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { pushwoosh } from "../../provider";
import { startEmulator } from "../../provider/emulator";
import { canvas, inputs, textOf } from "./canvas";
import { Ground, type GroundOptions } from "./ground";

async function on(options: GroundOptions, work: (ground: Ground) => Promise<void>): Promise<void> {
  const ground = await Ground.open(options);
  try {
    await work(ground);
  } finally {
    await ground.close();
  }
}
const empty = { ok: true, changed: 0 };
const list = {
  emulator: { pushwoosh: { list: "on" } },
  config: { "journeys:pushwooshUseUndocumentedList": true },
} as const;

describe.concurrent("a definition", () => {
  test("of five megabytes is made, edited by one word, and then nothing", () =>
    on({}, async (ground) => {
      const { entry, hello, done } = canvas();
      const points: Record<string, pushwoosh.PointInput> = { entry: { ...entry!, next: "p0" }, done: done! };
      for (let at = 0; at < 500; at++) {
        const data = { send_push: { content: { en: `${at} ${"word ".repeat(2000)}` } } };
        points[`p${at}`] = { ...hello!, data, next: at === 499 ? "done" : `p${at + 1}` };
      }
      const long = (text?: string) => {
        const last = { ...points.p499!, ...(text && { data: { send_push: { content: { en: text } } } }) };
        return inputs("Long", { status: "running", points: { ...points, p499: last } });
      };
      expect(JSON.stringify(long()).length).toBeGreaterThan(5_000_000);
      ground.declare("long", long());
      expect((await ground.up()).failure).toBeUndefined();
      ground.declare("long", long("an edit"));
      const { failure, messages } = await ground.up();
      expect(failure).toBeUndefined();
      expect(messages.join("").length, "a value that is long is shown in part").toBeLessThan(10_000);
      expect(ground.emulator.requests({ endpoint: "journey.update" })).toBe(1);
      expect(await ground.up()).toMatchObject(empty);
      expect(await ground.refresh()).toMatchObject(empty);
    }));
});

describe.concurrent("titles", () => {
  const titles = [
    "Welcome",
    "Welcome ",
    " Welcome",
    "welcome",
    "Wëlcome",
    "We\u0308lcome",
    "🎉 \u202e‮",
    'a "b"\n\tc',
    "<&>",
    "%s$x",
  ];

  test("that differ only to a machine are journeys of their own, and found again by exactly their title", () =>
    on(list, async (ground) => {
      for (const [index, title] of titles.entries()) ground.declare(`j${index}`, inputs(title, { status: "running" }));
      const first = titles.findLast((title) => title.endsWith(" "));
      ground.emulator.fault({ kind: "drop-after", endpoint: "journey.create", title: first });
      expect((await ground.up()).failure).toBeUndefined();
      const made = ground.emulator.pushwoosh.journeys().map(({ title }) => title);
      expect(made.sort()).toEqual([...titles].sort());
      expect(await ground.up()).toMatchObject(empty);
      expect(await ground.refresh()).toMatchObject(empty);
    }));

  test("that are the same in one program: the second is refused with the list on, and both are made without", async () => {
    for (const [options, count] of [
      [{ ...list, parallel: 1 }, 1],
      [{ ...list, emulator: { pushwoosh: { list: "on", listLagCalls: 9 } } }, 1],
      [{}, 2],
    ] as const) {
      await on(options, async (ground) => {
        ground.declare("one", inputs("Twin", { status: "running" }));
        ground.declare("two", inputs("Twin", { status: "running" }));
        const { failure } = await ground.up();
        if (count === 1) expect(failure).toContain("already-exists");
        else expect(failure).toBeUndefined();
        expect(ground.emulator.pushwoosh.journeys(), JSON.stringify(options)).toHaveLength(count);
      });
    }
  });
});

describe.concurrent("the record folder", () => {
  test("may have spaces and other signs in its path", () =>
    on({ config: { "journeys:recordFolder": "my records/ü #1" } }, async (ground) => {
      ground.declare("a", inputs("A", { status: "running" }));
      expect((await ground.up()).failure).toBeUndefined();
      expect(readdirSync(join(ground.folder, "my records/ü #1"))).not.toEqual([]);
      expect(await ground.up()).toMatchObject(empty);
    }));

  test("taken away in the middle of a run: what is under way is finished, and the next run knows where it is", () =>
    on({}, async (ground) => {
      ground.declare("a", inputs("A", { status: "running" }));
      await ground.up();
      ground.declare("a", inputs("A", { status: "running" }, "Edited"));
      ground.emulator.on("before", { endpoint: "journey.update" }, () => ground.loseRecords());
      expect((await ground.up()).failure).toBeUndefined();
      expect(existsSync(join(ground.folder, ".journeys"))).toBe(false);
      expect(ground.emulator.pushwoosh.journey("A").status).toBe("STATUS_RUNNING");
      expect(await ground.up()).toMatchObject(empty);
    }));

  test("that can't be made: nothing is sent, and it is said which", () =>
    on({ config: { "journeys:recordFolder": "package.json/records" } }, async (ground) => {
      ground.declare("a", inputs("A", { status: "running" }));
      const { failure } = await ground.up();
      expect(failure).toMatch(/records-unusable: .*package\.json\/records.*journeys:recordFolder/s);
      expect(ground.emulator.requests()).toBe(0);
    }));

  test("of two stacks that run at the same time serves both", async () => {
    const emulator = await startEmulator();
    try {
      await on({ sharing: emulator }, async (first) => {
        const shared = { "journeys:recordFolder": join(first.folder, ".journeys") };
        await on({ sharing: emulator, config: shared, project: "other" }, async (second) => {
          const titles = Array.from({ length: 10 }, (_, index) => `J${index}`);
          for (const text of ["Hello", "Edited"]) {
            for (const [ground, name] of [
              [first, "first"],
              [second, "second"],
            ] as const) {
              for (const title of titles)
                ground.declare(title, inputs(`${name} ${title}`, { status: "running" }, text));
            }
            const [one, two] = await Promise.all([first.up(), second.up()]);
            expect([one.failure, two.failure]).toEqual([undefined, undefined]);
          }
          expect(emulator.pushwoosh.journeys()).toHaveLength(20);
          expect(emulator.pushwoosh.journeys().every((each) => textOf(each) === "Edited")).toBe(true);
          expect(await first.up()).toMatchObject(empty);
          expect(await second.up()).toMatchObject(empty);
          rmSync(join(first.folder, ".journeys"), { recursive: true });
        });
      });
    } finally {
      await emulator.close();
    }
  });
});
