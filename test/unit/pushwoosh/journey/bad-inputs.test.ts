// What a program may get wrong about a journey, and the words it gets for it: the whole message, and not one request.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { passedKeys } from "../../../../provider/core/passed";
import { type JsonObject, UNKNOWN } from "../../../../provider/core/values";
import { type Emulator, startEmulator } from "../../../../provider/emulator";
import { adapt } from "../../../../provider/hosts/dynamic/adapter";
import { Host } from "../../../../provider/hosts/dynamic/host";
import type { DynamicProvider } from "../../../../provider/hosts/dynamic/protocol";
import { journey } from "../../../../provider/pushwoosh/journey/resource";
import { APP, welcome } from "./bench";

const token = "cAnArY-t0k3n";
const secret = "cAnArY-h00k";
const urn = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/journeys/pushwoosh:Journey::${name}`;
const folder = mkdtempSync(join(tmpdir(), "journeys-bad-inputs-"));

let emulator: Emulator;
let provider: DynamicProvider;
const printed: string[] = [];
beforeAll(async () => {
  emulator = await startEmulator({ tokens: [token] });
  provider = adapt(journey, new Host((text) => void printed.push(text)));
  const settings: Record<string, string> = {
    pushwooshApiToken: token,
    pushwooshJourneyUrl: emulator.url,
    recordFolder: folder,
    requestRate: "0",
  };
  await provider.configure({ config: { get: (key) => settings[key.replace("journeys:", "")] } });
});
afterAll(async () => {
  await emulator?.close();
  rmSync(folder, { recursive: true });
});

/** The welcome journey with some members in the place of others; one that is undefined is left out. */
function sent(wrong: object, secretPaths: string[] = []): JsonObject {
  const inputs = JSON.parse(JSON.stringify({ ...welcome(), ...wrong })) as JsonObject;
  return { ...inputs, [passedKeys.urn]: urn(String(inputs.title)), [passedKeys.secretPaths]: secretPaths };
}

/** The same with other members in the point that sends the push. */
function push(wrong: object): object {
  const { points } = welcome();
  return { points: { ...points, push: { ...points.push, ...wrong } } };
}

async function refusals(inputs: JsonObject): Promise<string[]> {
  const { failures } = await provider.check({}, inputs);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const entry = { type: "POINT_TYPE_EVENT", data: { message_bus: { event_name: "e", application_code: APP } } };
const exit = { type: "POINT_TYPE_EXIT", data: { exit: {} } };
/** What is wrong, and every word of what is said of it. */
const wrong: [string, object, string[]][] = [
  ["no title", { title: undefined }, ["title: is required: text"]],
  ["an empty title", { title: "" }, ["title: must not be empty"]],
  ["a number for a title", { title: 7 }, ["title: must be text, not 7"]],
  ["no application", { applicationCode: undefined }, ["applicationCode: is required: text"]],
  ["null for an application", { applicationCode: null }, ["applicationCode: must be text, not null"]],
  [
    "a mistyped status",
    { status: "runing" },
    ['status: must be "draft", "running", "paused" or "finished", not "runing"; did you mean "running"?'],
  ],
  [
    "a status nobody can declare",
    { status: "archived" },
    ['status: must be "draft", "running", "paused" or "finished", not "archived"'],
  ],
  [
    "a new journey that is paused",
    { status: "paused" },
    [
      `status: illegal-move: journey "Welcome": a new journey can't become paused: it would have to run first, and people would enter\n  where: status\n  now:   nothing was sent\n  next:  declare status "draft" or "running"; once it has run, declare "paused"`,
    ],
  ],
  [
    "a new journey that is finished",
    { status: "finished" },
    [
      `status: illegal-move: journey "Welcome": a new journey can't become finished: it would have to run first, and people would enter\n  where: status\n  now:   nothing was sent\n  next:  declare status "draft" or "running"; once it has run, declare "finished"`,
    ],
  ],
  ["no points", { points: undefined }, ["points: is required: an object"]],
  ["points in a list", { points: [entry] }, ["points: must be an object, not a list"]],
  ["points that are text", { points: "audience → push" }, ['points: must be an object, not "audience → push"']],
  ["a point without a name", { points: { "": entry } }, ['points[""]: this name must not be empty']],
  [
    "a point that is text",
    { points: { ...welcome().points, push: "SEND_PUSH" } },
    ['points.push: must be an object, not "SEND_PUSH"'],
  ],
  ["a point without a type", push({ type: undefined }), ["points.push.type: is required: text"]],
  ["an empty type", push({ type: "" }), ["points.push.type: must not be empty"]],
  ["a point without data", push({ data: undefined }), ["points.push.data: is required: an object"]],
  ["empty data", push({ data: {} }), ["points.push.data: must hold exactly one key, is empty"]],
  [
    "two data keys",
    push({ data: { send_push: {}, send_email: {} } }),
    ["points.push.data: must hold exactly one key, has 2: send_push, send_email"],
  ],
  ["data in a list", push({ data: [{ send_push: {} }] }), ["points.push.data: must be an object, not a list"]],
  [
    "an edge to nowhere",
    push({ next: "exti" }),
    ['points.push.next: leads to "exti", which is not a point here; did you mean "exit"?'],
  ],
  [
    "a named edge to nowhere",
    push({ next: { opened: "exit", ignored: "gone" } }),
    ['points.push.next.ignored: leads to "gone", which is not a point here. Points: audience, push, exit'],
  ],
  [
    "an edge object to nowhere",
    push({ next: { opened: { to: "gone" } } }),
    ['points.push.next.opened: leads to "gone", which is not a point here. Points: audience, push, exit'],
  ],
  [
    "an edge object without `to`",
    push({ next: { opened: { next: "exit" } } }),
    ["points.push.next.opened.to: is required: text"],
  ],
  ["an edge back to its own point", push({ next: "push" }), ['points.push.next: leads back to "push" itself']],
  ["an empty edge", push({ next: "" }), ["points.push.next: must not be empty"]],
  ["a number for an edge", push({ next: 3 }), ["points.push.next: must be text or an object, not 3"]],
  ["a list of edges", push({ next: ["exit"] }), ["points.push.next: must be text or an object, not a list"]],
  [
    "a mistyped role",
    push({ role: "mesage" }),
    ['points.push.role: must be "entry", "message", "wait", "split" or "exit", not "mesage"; did you mean "message"?'],
  ],
  ["a point's title that is a number", push({ title: 5 }), ["points.push.title: must be text, not 5"]],
  [
    "another application in a point",
    { points: { entry: { ...entry, data: { message_bus: { application_code: "BBBBB-00002" } } } } },
    [
      'points.entry.data.message_bus.application_code: is "BBBBB-00002", but the journey belongs to application "AAAAA-00001"',
    ],
  ],
  [
    "no entry",
    { points: { exit } },
    ['points: no entry: nobody could enter. Add an entry point, or mark one with role: "entry"'],
  ],
  [
    "a running journey without points",
    { points: {}, status: "running" },
    ["points: no entry: a journey without points can't be started. Add an entry point"],
  ],
  [
    "a former name that is still in use",
    push({ formerly: "exit" }),
    [
      'points.push.formerly: names "exit", which is a point here: that one keeps its own UUID. Once the rename is applied, remove formerly; to swap two names, go through a third in a run of its own',
    ],
  ],
  [
    "a former name claimed twice",
    { points: { entry, a: { ...exit, formerly: "old" }, b: { ...exit, formerly: "old" } } },
    ['points.b.formerly: names "old", as does point "a"'],
  ],
  ["an empty former name", push({ formerly: "" }), ["points.push.formerly: must not be empty"]],
  ["comments that are an object", { comments: { text: "hi" } }, ["comments: must be a list, not an object"]],
  ["a comment that is text", { comments: ["hi"] }, ['comments[0]: must be an object, not "hi"']],
  ["params in a list", { params: [] }, ["params: must be an object, not a list"]],
  ["a consent of another kind", { editWhileRunning: true }, ['editWhileRunning: must be "pause-and-resume", not true']],
  [
    "a mistyped consent",
    { editWhileRunning: "pause-and-resum" },
    ['editWhileRunning: must be "pause-and-resume", not "pause-and-resum"; did you mean "pause-and-resume"?'],
  ],
  [
    "a word for a switch",
    { overwriteOutsideEdits: "yes" },
    ['overwriteOutsideEdits: must be true or false, not "yes"'],
  ],
  ["another way with a finished journey", { onFinished: "copy" }, ['onFinished: must be "replace", not "copy"']],
  ["a number for a switch", { allowSameTitle: 1 }, ["allowSameTitle: must be true or false, not 1"]],
  ["text for a switch", { forceDestroy: "true" }, ['forceDestroy: must be true or false, not "true"']],
  ["one path instead of a list", { mayBeDropped: "points.push" }, ['mayBeDropped: must be a list, not "points.push"']],
  [
    "a path that can't be read",
    { mayBeDropped: ["points..push["] },
    ['mayBeDropped[0]: is not a path like points.push.data.send_push or points["my wait"]'],
  ],
  ["an id that is none", { adoptId: "12345" }, ["adoptId: must be a UUID"]],
  [
    "a state to adopt that nobody knows",
    { adoptId: "11111111-2222-4333-8444-555555555555", adoptStatus: "unknown" },
    ['adoptStatus: must be "draft", "running", "paused", "finished" or "archived", not "unknown"'],
  ],
  [
    "an id of a point that isn't there",
    { pointIds: { psuh: "11111111-2222-4333-8444-555555555555" } },
    ["pointIds.psuh: is not a point of this journey"],
  ],
  [
    "the same beside a correction of the state",
    { pointIds: { psuh: "11111111-2222-4333-8444-555555555555" }, adoptStatus: "running" },
    ["pointIds.psuh: is not a point of this journey"],
  ],
  [
    "one id for two points",
    { pointIds: { push: "11111111-2222-4333-8444-555555555555", exit: "11111111-2222-4333-8444-555555555555" } },
    ['pointIds.exit: is the UUID of "push" already'],
  ],
  ["a point's id that is none", { pointIds: { push: "12345" } }, ["pointIds.push: must be a UUID"]],
  [
    "a mistyped input",
    { titel: "Welcome", title: undefined },
    ["title: is required: text", 'titel: is not known here; did you mean "title"?'],
  ],
  [
    "an input from nowhere",
    { webhook: {} },
    [
      "webhook: is not known here; known are title, applicationCode, status, points, comments, params, editWhileRunning, overwriteOutsideEdits, onFinished, allowSameTitle, forceDestroy, mayBeDropped, adoptId, adoptStatus, pointIds",
    ],
  ],
  [
    "several at once",
    { title: "", status: "on", ...push({ data: {} }) },
    ["title: must not be empty", 'status: must be "draft", "running", "paused" or "finished", not "on"'],
  ],
  [
    "shape right, several wrong edges",
    { points: { entry: { ...entry, next: "a" }, exit: { ...exit, next: "b" } } },
    [
      'points.entry.next: leads to "a", which is not a point here. Points: entry, exit',
      'points.exit.next: leads to "b", which is not a point here. Points: entry, exit',
    ],
  ],
  [
    "a wrong value beside one not known yet",
    { title: UNKNOWN, ...push({ next: "gone" }) },
    ['points.push.next: leads to "gone", which is not a point here. Points: audience, push, exit'],
  ],
];

test("there are at least forty kinds of bad input", () => {
  expect(new Set(wrong.map(([name]) => name)).size).toBeGreaterThanOrEqual(40);
});

test.each(wrong)("%s", async (_name, replaced, messages) => {
  expect(await refusals(sent(replaced))).toEqual(messages);
  expect(emulator.journal).toEqual([]);
  expect(printed).toEqual([]);
});

test("a right journey is none of these", async () => {
  expect(await refusals(sent({}))).toEqual([]);
  expect(printed.splice(0).join("")).toContain('create journey "Welcome"');
});

test("an entry of a kind nobody documents is one by its role", async () => {
  const custom = { type: "POINT_TYPE_PARTNER", data: { partner: {} }, role: "entry" };
  expect(await refusals(sent({ title: "Partners", points: { custom }, status: "running" }))).toEqual([]);
  expect(printed.splice(0).join("")).toContain('create journey "Partners"');
});

test("a wrong value that is secret is in no message", async () => {
  const all = [
    sent({ title: [secret] }, ["title"]),
    sent({ title: secret, status: "paused" }, ["title"]),
    sent({ applicationCode: secret }, ["applicationCode"]),
    sent(push({ next: secret }), ["points.push.next"]),
    sent({ mayBeDropped: [secret, "["] }, ["mayBeDropped"]),
  ];
  for (const inputs of all) {
    const messages = await refusals(inputs);
    expect(messages.join("\n")).not.toContain(secret);
    expect(messages.join("\n")).not.toContain(token);
  }
  expect(printed).toEqual([]);
});

describe("of a journey that is there already", () => {
  const elsewhere = JSON.parse(JSON.stringify(welcome().points).replaceAll(APP, "AAAAA-00002"));
  const running = { status: "running" };
  const moves: [string, object, object, string[]][] = [
    [
      "back to a draft while it runs",
      running,
      { status: "draft" },
      [
        'illegal-move: journey "Welcome": it is running, and only a paused journey might go back to draft',
        "  where: status",
        "  now:   nothing was sent",
        '  next:  declare status "paused" first, then "draft"',
      ],
    ],
    [
      "an edit while it runs, without consent",
      running,
      push({ data: { send_push: { preset: "P-2" } } }),
      [
        'consent-needed: journey "Welcome": it is running, and an edit has to pause it: people whose wait ends meanwhile may be lost',
        "  where: points.push.data.send_push.preset, points.push.data.send_push.text",
        "  now:   nothing was sent",
        '  next:  set editWhileRunning: "pause-and-resume" to allow pause, replace and start; or declare status "paused" first',
      ],
    ],
    ...["paused", "finished"].map((status): [string, object, object, string[]] => [
      `a draft that is to be ${status}`,
      {},
      { status },
      [
        `illegal-move: journey "Welcome": a draft can't become ${status}: it would have to run first, and people would enter`,
        "  where: status",
        "  now:   nothing was sent",
        `  next:  declare status "draft" or "running"; once it has run, declare "${status}"`,
      ],
    ]),
    [
      "another journey's id",
      {},
      { adoptId: "11111111-2222-4333-8444-555555555555" },
      [
        'invalid-input: journey "Welcome": adoptId names 11111111-2222-4333-8444-555555555555, but this resource already manages <id>',
        "  where: adoptId",
        "  now:   nothing was sent",
        "  next:  remove adoptId; to manage another journey, remove this resource with `pulumi state delete` first, or declare a second one",
      ],
    ],
    [
      "another application, without consent to let the old journey go",
      running,
      { applicationCode: "AAAAA-00002", points: elsewhere },
      [
        `consent-needed: journey "Welcome": a journey's application can't change, so this makes a new one and then deletes this one (<id>), which ran or may have run: that can't be undone`,
        "  where: applicationCode, forceDestroy",
        "  now:   it is running; nothing was sent",
        "  next:  take the change back, set forceDestroy: true and run `up`, then make the change again; or, to keep this one, declare the new one as a resource of its own",
      ],
    ],
    [
      "an edge elsewhere while it runs, without consent",
      running,
      { points: { ...welcome().points, audience: { ...welcome().points.audience, next: "exit" } } },
      [
        'consent-needed: journey "Welcome": it is running, and an edit has to pause it: people whose wait ends meanwhile may be lost',
        "  where: points.audience.next",
        "  now:   nothing was sent",
        '  next:  set editWhileRunning: "pause-and-resume" to allow pause, replace and start; or declare status "paused" first',
      ],
    ],
  ];

  test.each(moves)("%s", async (title, first, second, message) => {
    const before = sent({ title, ...first });
    const { id, outs } = await provider.create(before);
    const calls = emulator.journal.length;
    const after = sent({ title, ...first, ...second });
    expect((await provider.check(before, after)).failures).toEqual([]);
    const refusal = await provider
      .diff(id, outs, after)
      .catch((error: Error) => error.message.replaceAll(id, "<id>").replace(title, "Welcome"));
    expect(refusal).toBe(message.join("\n"));
    expect(emulator.journal.length).toBe(calls);
    expect(printed).toEqual([]);
  });
});
