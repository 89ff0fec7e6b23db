/**
 * The plan table whole: what is believed × what is declared × whether the definition changed × what an earlier run left
 * × which consents are given. The expected results stand in the two tables below, in words; they are not taken from the
 * code.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { declaredOnly } from "../../../../provider/pushwoosh/journey/belief";
import type { DeclaredStatus, JourneyInputs, JourneyStatus } from "../../../../provider/pushwoosh/journey/inputs";
import { type JourneyPlan, planCreate, planDelete, planUpdate } from "../../../../provider/pushwoosh/journey/plan";
import { definitionOf } from "../../../../provider/pushwoosh/journey/points";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { type Believed, toState } from "../../../../provider/pushwoosh/journey/state";
import { type Bench, edited, startBench, welcome } from "./bench";

/**
 * Without a pause record. Calls in order; `(…)` a call that hangs on an answer; `-` nothing to do; `!code` a refusal.
 * `edit` needs editWhileRunning; `copy` needs onFinished: "replace" (and forceDestroy in the saved state).
 */
const TABLE = `
actual    declared  unchanged          changed                     with editWhileRunning           with onFinished
draft     draft     -                  PUT                         PUT                             PUT
draft     running   start              PUT start                   PUT start                       PUT start
draft     paused    !illegal-move      !illegal-move               !illegal-move                   !illegal-move
draft     finished  !illegal-move      !illegal-move               !illegal-move                   !illegal-move
draft     omitted   -                  PUT                         PUT                             PUT
running   draft     !illegal-move      !illegal-move               !illegal-move                   !illegal-move
running   running   -                  !consent-needed             pause (PUT) start               !consent-needed
running   paused    pause              pause (PUT)                 pause (PUT)                     pause (PUT)
running   finished  finish             pause (PUT) finish          pause (PUT) finish              pause (PUT) finish
running   omitted   -                  !consent-needed             pause (PUT) start               !consent-needed
paused    draft     draft              PUT draft                   PUT draft                       PUT draft
paused    running   start              PUT start                   PUT start                       PUT start
paused    paused    -                  PUT                         PUT                             PUT
paused    finished  finish             PUT finish                  PUT finish                      PUT finish
paused    omitted   -                  PUT                         PUT                             PUT
finished  draft     !consent-needed    !consent-needed             !consent-needed                 copy
finished  running   !consent-needed    !consent-needed             !consent-needed                 copy
finished  paused    !consent-needed    !consent-needed             !consent-needed                 !consent-needed
finished  finished  -                  !consent-needed             !consent-needed                 !consent-needed
finished  omitted   -                  !consent-needed             !consent-needed                 copy
archived  draft     !consent-needed    !consent-needed             !consent-needed                 copy
archived  running   !consent-needed    !consent-needed             !consent-needed                 copy
archived  paused    !consent-needed    !consent-needed             !consent-needed                 !consent-needed
archived  finished  !consent-needed    !consent-needed             !consent-needed                 !consent-needed
archived  omitted   -                  !consent-needed             !consent-needed                 copy
unknown   draft     !consent-needed    !consent-needed             !consent-needed                 !consent-needed
unknown   running   start              !consent-needed             pause (PUT) (start)             !consent-needed
unknown   paused    pause              pause (PUT)                 pause (PUT)                     pause (PUT)
unknown   finished  finish             !consent-needed             !consent-needed                 !consent-needed
unknown   omitted   -                  !consent-needed             pause (PUT) (start)             !consent-needed
`;

/** Unchanged, but with onFinished and another status declared: the same new copy. */
const UNCHANGED_COPIES = new Set(["finished draft", "finished running", "archived draft", "archived running"]);

/** A copy starts as declared; then the old one goes as its state needs. */
const COPY_CALLS: Record<string, string> = {
  "finished draft": "create (archive)",
  "finished running": "create start (archive)",
  "finished omitted": "create (archive)",
  "archived draft": "create",
  "archived running": "create start",
  "archived omitted": "create",
};

const DELETE = `
draft     archive
running   finish archive
paused    finish archive
finished  archive
archived  -
unknown   finish archive
`;

const actuals: JourneyStatus[] = ["draft", "running", "paused", "finished", "archived", "unknown"];
const declareds = ["draft", "running", "paused", "finished", "omitted"] as const;
const pauses = ["none", "ours", "perhaps"] as const;
const ID = "11111111-2222-4333-8444-555555555555";
const KEY = "22222222-2222-4333-8444-555555555555";

interface Case {
  actual: JourneyStatus;
  declared: (typeof declareds)[number];
  changed: boolean;
  pause: (typeof pauses)[number];
  edit: boolean;
  overwrite: boolean;
  onFinished: boolean;
  forceDestroy: boolean;
}

function* cases(): Generator<Case> {
  const both = [false, true];
  for (const actual of actuals)
    for (const declared of declareds)
      for (const changed of both)
        for (const pause of pauses)
          for (const edit of both)
            for (const overwrite of both)
              for (const onFinished of both)
                for (const forceDestroy of both)
                  yield { actual, declared, changed, pause, edit, overwrite, onFinished, forceDestroy };
}

const rows = new Map(
  TABLE.trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [head, ...cells] = [
        line.slice(0, 20),
        line.slice(20, 39),
        line.slice(39, 67),
        line.slice(67, 99),
        line.slice(99),
      ];
      return [head!.trim().replace(/\s+/, " "), cells.map((cell) => cell.trim())] as const;
    }),
);

/** What the tables say of a case. */
function expected(row: Case): string {
  if (row.pause === "none") return cell(row);
  // Whatever is declared: what an earlier run paused is started first, and the rest is planned as for a running one.
  const rest = cell({ ...row, actual: "running", pause: "none" });
  if (rest.startsWith("!") || rest === "-") return "start";
  return `start ${rest
    .split(" ")
    .map((call) => (call.startsWith("(") ? call : `(${call})`))
    .join(" ")}`;
}

function cell({ actual, declared, changed, edit, onFinished, forceDestroy }: Case): string {
  const [unchanged, plain, withEdit, withCopy] = rows.get(`${actual} ${declared}`)!;
  const copies = onFinished && (changed ? withCopy === "copy" : UNCHANGED_COPIES.has(`${actual} ${declared}`));
  if (copies) {
    // The old one ever ran: it can only go with consent in the saved state. One that is archived has nowhere to go.
    if (actual !== "archived" && !forceDestroy) return "!consent-needed";
    return COPY_CALLS[`${actual} ${declared}`]!;
  }
  return (changed ? (edit ? withEdit : plain) : unchanged)!;
}

function inputs(row: Case): { before: JourneyInputs; after: JourneyInputs } {
  const before = welcome({
    ...(row.declared !== "omitted" && { status: row.declared as DeclaredStatus }),
    ...(row.forceDestroy && { forceDestroy: true }),
  });
  const after: JourneyInputs = {
    ...(row.changed ? edited(before) : before),
    ...(row.edit && { editWhileRunning: "pause-and-resume" }),
    ...(row.overwrite && { overwriteOutsideEdits: true }),
    ...(row.onFinished && { onFinished: "replace" }),
  };
  return { before, after };
}

function believed({ actual, pause }: Case, before: JourneyInputs): Believed {
  const pointIds = Object.fromEntries(
    Object.keys(before.points).map((name, index) => [name, `00000000-0000-4000-8000-00000000000${index}`]),
  );
  return {
    ...declaredOnly(ID, before, KEY, pointIds),
    status: actual,
    source: actual === "unknown" ? "unknown" : "answered",
    baseline: definitionOf(before),
    confirmed: true,
    everRan: actual !== "draft",
    ...(pause !== "none" && { pause, interrupted: true }),
  };
}

function written({ steps, refusal }: JourneyPlan): string {
  if (refusal) return `!${refusal.code}`;
  const calls = steps.map(({ action, when }) => {
    const name = action === "replace" ? "PUT" : action;
    return when ? `(${name})` : name;
  });
  return calls.join(" ") || "-";
}

const titled = (row: Case) =>
  Object.entries(row)
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");

describe("planUpdate", () => {
  test("the table has a row for every pair", () => {
    expect(rows.size).toBe(actuals.length * declareds.length);
    for (const cells of rows.values()) expect(cells.every((text) => text.length > 0)).toBe(true);
  });

  test("does what the table says in each of 2,880 cases", () => {
    let count = 0;
    const wrong: string[] = [];
    for (const row of cases()) {
      const { before, after } = inputs(row);
      const found = written(planUpdate(after, believed(row, before)));
      if (found !== expected(row)) wrong.push(`${titled(row)}\n  planned ${found}, expected ${expected(row)}`);
      count += 1;
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(2880);
  });

  test("each refusal names the journey, what is true and what to do", () => {
    for (const row of cases()) {
      const { before, after } = inputs(row);
      const { refusal } = planUpdate(after, believed(row, before));
      if (!refusal) continue;
      expect(refusal.parts.resource, titled(row)).toBe('journey "Welcome"');
      expect(refusal.parts.now, titled(row)).toMatch(/nothing was sent/);
      expect(refusal.parts.next, titled(row)).toMatch(/\S/);
      expect(refusal.parts.paths?.length, titled(row)).toBeGreaterThan(0);
    }
  });
});

/** What a plan has to say aloud, by the calls it holds. */
describe("warnings", () => {
  const warned = (row: Partial<Case>) => {
    const full: Case = {
      actual: "running",
      declared: "running",
      changed: false,
      pause: "none",
      edit: true,
      overwrite: false,
      onFinished: false,
      forceDestroy: true,
      ...row,
    };
    const { before, after } = inputs(full);
    return planUpdate(after, believed(full, before)).warnings.join("\n");
  };

  test("finish can't be undone", () => {
    for (const actual of ["running", "paused", "unknown"] as const) {
      expect(warned({ actual, declared: "finished" })).toMatch(/finish can't be undone/);
    }
  });
  test("an edit of what no answer shows goes unseen", () => {
    expect(warned({ actual: "draft", declared: "draft", changed: true })).toMatch(/overwritten unseen/);
    expect(warned({ actual: "paused", declared: "running", changed: true })).toMatch(/overwritten unseen/);
    expect(warned({ changed: true })).not.toMatch(/overwritten unseen/);
  });
  test("a pause may lose people, and a one-time audience does not enter again", () => {
    expect(warned({ changed: true })).toMatch(/may be lost[\s\S]*one-time audience/);
    expect(warned({ declared: "paused" })).toMatch(/may be lost/);
  });
  test("an audience that enters again by a schedule is none that enters once", () => {
    const row = { declared: "running", changed: true, edit: true } as Case;
    const { before, after } = inputs(row);
    const audience = structuredClone(after.points.audience!);
    Object.assign(audience.data.start_by_segment as object, { repeat: { every: "day" } });
    const { warnings } = planUpdate(
      { ...after, points: { ...after.points, audience } },
      believed({ ...row, actual: "running", pause: "none" }, before),
    );
    expect(warnings.join("\n")).toMatch(/may be lost/);
    expect(warnings.join("\n")).not.toMatch(/one-time audience/);
  });
  test("overwriteOutsideEdits is mentioned as long as it is set", () => {
    for (const row of cases()) {
      if (!row.overwrite) continue;
      const { before, after } = inputs(row);
      const { refusal, warnings, replacement } = planUpdate(after, believed(row, before));
      if (!refusal && !replacement) expect(warnings.join("\n"), titled(row)).toMatch(/overwriteOutsideEdits is set/);
    }
  });
  test("a new copy: both exist for a moment, its audience enters again", () => {
    const text = warned({ actual: "finished", declared: "running", onFinished: true });
    expect(text).toMatch(/both journeys exist/);
    expect(text).toMatch(/audience enters again/);
  });
  test("a pause that is found is said to be resolved first, and what follows it", () => {
    expect(warned({ actual: "paused", pause: "ours" })).toMatch(/was cut off: it is started first/);
    expect(warned({ actual: "paused", pause: "ours", changed: true, edit: false })).toMatch(
      /afterwards this will be refused/,
    );
  });
});

describe("what this very run paused for an edit", () => {
  const planned = (actual: JourneyStatus, declared: (typeof declareds)[number]) => {
    const row = { actual, declared, changed: false, edit: true, pause: "none" } as Case;
    const { before } = inputs(row);
    return written(planUpdate(before, { ...believed(row, before), pause: "ours" }));
  };
  test("is started again, also where the replace made a draft of it; or finished, without a start", () => {
    for (const declared of ["running", "omitted"] as const) {
      expect(planned("paused", declared)).toBe("start");
      expect(planned("draft", declared)).toBe("start");
    }
    expect(planned("paused", "finished")).toBe("finish");
  });
});

describe("edits by others that an answer showed", () => {
  const outside = (row: Partial<Case>) => {
    const full: Case = {
      actual: "running",
      declared: "running",
      changed: true,
      pause: "none",
      edit: true,
      overwrite: false,
      onFinished: false,
      forceDestroy: false,
      ...row,
    };
    const { before, after } = inputs(full);
    const live = definitionOf(before);
    live.points.exit!.data = { exit: { reason: "somebody's" } };
    return { after, believed: { ...believed(full, before), outside: live } };
  };

  test("refuse every plan, whatever is declared, until the program agrees or consents", () => {
    for (const actual of ["draft", "running", "paused", "unknown"] as const) {
      for (const declared of declareds) {
        for (const changed of [false, true]) {
          const { after, believed: belief } = outside({ actual, declared, changed });
          const plan = planUpdate(after, belief);
          expect(written(plan), `${actual} ${declared} ${changed}`).toBe("!edited-outside");
          expect(plan.refusal?.parts.paths).toEqual([["points", "exit", "data", "exit", "reason"]]);
        }
      }
    }
  });
  test("are overwritten with consent", () => {
    const { after, believed: belief } = outside({ overwrite: true, changed: false });
    expect(written(planUpdate(after, belief))).toBe("pause (PUT) start");
  });
  test("are no edits once the program says the same", () => {
    const { after, believed: belief } = outside({ changed: false });
    const exit = { ...after.points.exit!, data: { exit: { reason: "somebody's" } } };
    expect(written(planUpdate({ ...after, points: { ...after.points, exit } }, belief))).toBe("-");
  });
});

describe("planCreate", () => {
  test.each([
    ["draft", "create"],
    ["running", "create start"],
    ["paused", "!illegal-move"],
    ["finished", "!illegal-move"],
    [undefined, "create"],
  ] as const)("declared %s: %s", (status, calls) => {
    expect(written(planCreate(welcome(status && { status })))).toBe(calls);
  });
  test("adopting looks and writes nothing, whatever is declared", () => {
    for (const status of [undefined, "draft", "running", "paused", "finished"] as const) {
      expect(written(planCreate(welcome({ ...(status && { status }), adoptId: ID })))).toBe("adopt");
    }
  });
});

describe("planDelete", () => {
  test.each(
    DELETE.trim()
      .split("\n")
      .map((line) => [line.slice(0, 10).trim(), line.slice(10).trim()] as const),
  )("%s: %s", (status, calls) => {
    expect(written(planDelete({ status: status as JourneyStatus }))).toBe(calls);
  });
});

describe("through the resource, on the emulator", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench.close());

  test("each refused case sends 0 requests", async () => {
    let refused = 0;
    for (const row of cases()) {
      const { before, after } = inputs(row);
      if (!expected(row).startsWith("!")) continue;
      refused += 1;
      const state = toState(believed(row, before), "0", new Date(0).toISOString());
      const planned = journey.plan(after, { id: ID, state }, bench.context());
      expect(planned.refusal && `!${planned.refusal.code}`, titled(row)).toBe(expected(row));
      await expect(journey.update(ID, state, after, bench.context()), titled(row)).rejects.toMatchObject({
        code: expected(row).slice(1),
      });
    }
    for (const status of ["paused", "finished"] as const) {
      await expect(journey.create(welcome({ status }), bench.context())).rejects.toMatchObject({
        code: "illegal-move",
      });
    }
    expect(refused).toBeGreaterThan(300);
    expect(bench.emulator.requests()).toBe(0);
  });

  test("a delete of what ever ran, without consent in the saved state, sends 0 requests", async () => {
    for (const actual of actuals) {
      for (const declared of declareds) {
        const row: Case = {
          actual,
          declared,
          changed: false,
          pause: "none",
          edit: false,
          overwrite: false,
          onFinished: false,
          forceDestroy: false,
        };
        const { before } = inputs(row);
        const state = toState(believed(row, before), "0", new Date(0).toISOString());
        const harmless = actual === "archived" || (actual === "draft" && declared !== "omitted");
        if (harmless) continue;
        await expect(journey.delete(ID, state, bench.context()), titled(row)).rejects.toThrow(/consent-needed/);
      }
    }
    expect(bench.emulator.requests()).toBe(0);
  });
});
