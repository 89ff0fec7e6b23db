import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Config } from "../../../../provider/core/config";
import type { JourneysError } from "../../../../provider/core/errors";
import { failure } from "../../../../provider/core/http";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../../provider/emulator";
import { readAnswer } from "../../../../provider/engagelab/api/answer";
import { EngagelabClient } from "../../../../provider/engagelab/api/client";
import { readContact } from "../../../../provider/engagelab/api/contact";
import {
  deleteContact,
  getContact,
  listPage,
  upsertContacts,
  wireMember,
} from "../../../../provider/engagelab/api/contacts";
import { hintOf, maskAddresses } from "../../../../provider/engagelab/api/personal";
import { readTime } from "../../../../provider/engagelab/api/times";
import { errorOf } from "../bench";

let emulator: Emulator;
afterEach(() => emulator?.close());

async function start(options: EmulatorOptions = {}, settings: Record<string, string> = {}) {
  emulator = await startEmulator(options);
  const all: Record<string, string> = {
    engagelabApiUser: "user",
    engagelabApiKey: "key",
    engagelabUrl: emulator.url,
    engagelabRate: "0",
    ...settings,
  };
  const waits: number[] = [];
  const sleep = async (wait: number) => {
    waits.push(wait);
    emulator.advance({ minutes: 1 });
  };
  const config = new Config({ get: (key) => all[key.replace("journeys:", "")] }, {});
  return { client: new EngagelabClient(config, { sleep }), waits };
}

const asked = {
  request: { name: "upsert contacts" },
  expects: () => true,
  personal: () => [{ name: "Canary Name" }],
  unauthorized: () => failure({ kind: "refused", status: 401, body: {}, text: "", message: "" }, { name: "x" }),
};
const answered = (body: unknown) =>
  readAnswer({ kind: "answered", status: 200, body: body as never, text: "", headers: {} }, asked);
const refused = (status: number, body: unknown, text = "") =>
  readAnswer({ kind: "refused", status, body: body as never, text, message: "" }, asked);

describe("the code in the body decides", () => {
  test.each([
    ["a body without a code", answered({ count: 1 }), "done", undefined],
    ["a code of 0", answered({ code: 0, count: 1 }), "done", undefined],
    ["a code of 200, as text", answered({ code: "200" }), "done", undefined],
    ["an empty body", answered(undefined), "done", undefined],
    ["200 with a code", answered({ code: 30036, message: "resource not found" }), "refused", "not-found"],
    ["200 with a code as text", answered({ code: "30000", message: "Unauthorized." }), "refused", "unauthorized"],
    ["200 with an unknown code", answered({ code: 31234 }), "refused", "refused"],
    ["401 with a conflict", refused(401, { code: 32603, message: "tag name already exist" }), "refused", "refused"],
    ["401 without a code", refused(401, undefined, "no"), "refused", "unauthorized"],
    ["403 with the code of authentication", refused(403, { code: 30000 }), "refused", "unauthorized"],
    ["403", refused(403, { code: 1 }), "refused", "forbidden"],
    ["404 in plain text", refused(404, undefined, "not found"), "refused", "not-found"],
    ["429", refused(429, undefined), "refused", "rate-limited"],
    [
      "200 with words of a limit",
      answered({ code: 39999, message: "interface frequency limited" }),
      "refused",
      "rate-limited",
    ],
  ] as const)("%s", (_, answer, kind, code) => {
    expect(answer.kind).toBe(kind);
    expect("error" in answer ? answer.error.code : undefined).toBe(code);
  });

  test("a 2xx that isn't the call's answer leaves its outcome unknown", () => {
    for (const body of [[1], "text", 7]) expect(answered(body).kind).toBe("unknown");
  });

  test("messages repeat no address and nothing that was sent", () => {
    const answer = refused(400, { code: 1, message: 'member Canary Name (canary@canary.example) is "bad"' });
    expect("error" in answer && answer.error.message).toMatch(/member \[secret\] \(\[address\]\) is "bad"/);
    expect(maskAddresses("a.b+c@x.example, (d@y.example)")).toBe("[address], ([address])");
  });

  test.each([
    ["ada@example.com", "a***@e***.com"],
    ["ada@mail.example.co", "a***@m***.co"],
    ["canary", "c***"],
    ["ada@canary", "a***@c***"],
    ["ada@mail.+1 canary", "a***@m***"],
    ["ada@x.canarycanarycanarycanary", "a***@x***"],
  ])("the hint of %j is %j, whatever it is", (email, hint) => {
    expect(hintOf(email)).toBe(hint);
  });
});

describe("the credential", () => {
  const accounts = [{ apiUser: "user", apiKey: "key", listId: 1 }];

  test("is proved once, by the quota, before the first call", async () => {
    const { client } = await start({ accounts });
    await Promise.all([1, 2, 3].map(() => listPage(client, { limit: 1, offset: 0 })));
    expect(emulator.journal.map(({ endpoint }) => endpoint)).toEqual(["quota", ...Array(3).fill("contact.list")]);
  });

  test.each([{ authStatus: "401" }, { authStatus: "200", authMessage: "Unauthorized." }] as const)(
    "that is refused is one error that names user and place, and nothing else is sent ($authStatus)",
    async (engagelab) => {
      const { client } = await start({ accounts, engagelab }, { engagelabApiKey: "wrong-canary" });
      const errors = await Promise.all([1, 2].map(() => errorOf(listPage(client, { limit: 1, offset: 0 }))));
      errors.push(await errorOf(getContact(client, "8")));
      for (const error of errors) {
        expect(error.code).toBe("unauthorized");
        expect(error.message).toContain(`API user "user" at ${emulator.url}`);
        expect(error.message).not.toContain("wrong-canary");
      }
      expect(emulator.requests()).toBe(1);
    },
  );

  test.each([403, 404] as const)("whose quota can't be read (%s) may still be good", async (status) => {
    const { client } = await start();
    emulator.fault({ kind: `${status}`, endpoint: "quota" });
    expect((await listPage(client, { limit: 1, offset: 0 })).rows).toBe(0);
  });

  test.each(["engagelabApiUser", "engagelabApiKey"])(
    "without %s the first call fails and says what to set",
    async (name) => {
      const { client } = await start({}, { [name]: " " });
      const error = await errorOf(listPage(client, { limit: 1, offset: 0 }));
      expect(error.code).toBe("missing-configuration");
      expect(error.message).toContain(`journeys:${name}`);
      expect(emulator.requests()).toBe(0);
    },
  );

  test.each([
    [{ engagelabRegion: "sg" }, 'API user "user" at region sg (https://email.api.engagelab.cc)'],
    [{ engagelabRegion: "tr" }, 'API user "user" at region tr (https://emailapi-tr.engagelab.com)'],
    [{ engagelabRegion: "tr", engagelabUrl: "http://127.0.0.1:9/x/" }, 'API user "user" at http://127.0.0.1:9/x'],
  ])("belongs to a data centre, or an address in its place: %j", async (settings, account) => {
    const { client } = await start({}, { engagelabUrl: "", ...settings });
    expect(client.account).toBe(account);
  });

  test("without a region or an address it is said which to set", async () => {
    const { client } = await start({}, { engagelabUrl: "" });
    expect((await errorOf(listPage(client, { limit: 1, offset: 0 }))).message).toContain("journeys:engagelabRegion");
  });
});

describe("too many calls", () => {
  test("said under a status of 200 is waited for", async () => {
    const { client, waits } = await start({ engagelab: { callsPerMinute: 2, throttledAnswer: "200" } });
    for (let call = 0; call < 4; call += 1) await listPage(client, { limit: 1, offset: 0 });
    expect(waits.length).toBeGreaterThan(0);
  });

  test("for ever ends with an error", async () => {
    const { client, waits } = await start({ engagelab: { callsPerMinute: 1, throttledAnswer: "200" } });
    emulator.on("before", { endpoint: "contact.list" }, () => emulator.advance({ minutes: -1 }));
    expect((await errorOf(listPage(client, { limit: 1, offset: 0 }))).code).toBe("rate-limited");
    expect(waits).toHaveLength(4);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1000);
  });
});

describe("answers", () => {
  test("the list's other path is found once, and kept", async () => {
    const { client } = await start({ engagelab: { listPath: "listMembers" } });
    for (let call = 0; call < 3; call += 1) await listPage(client, { limit: 10, offset: 0 });
    expect(emulator.requests({ endpoint: "contact.list" })).toBe(3);
    expect(emulator.requests()).toBe(5);
  });

  test.each(["200", "404", "404-text", "null-result"] as const)("an unknown id (%s) is nobody", async (unknownId) => {
    const { client } = await start({ engagelab: { unknownId } });
    expect(await getContact(client, "6565c12a3b4e0d83d3f58ea0")).toBeUndefined();
  });

  test.each(["count-0", "200", "404"] as const)("a delete of an unknown id (%s) misses", async (unknownDelete) => {
    const { client } = await start({ engagelab: { unknownDelete } });
    expect((await deleteContact(client, "8")).kind).toBe("missing");
  });

  test.each([
    ["success without a contact", '{"code":0,"message":"ok"}', "undefined"],
    ["success as text without a contact", '{"code":"200"}', "undefined"],
    ["nothing said", "{}", "unexpected-answer"],
    ["an empty body", "", "unexpected-answer"],
    ["a contact in no envelope", '{"member_id":"8","email":"a@example.com"}', "unexpected-answer"],
    ["another contact", '{"result":{"member_id":"9","email":"a@example.com"}}', "unexpected-answer"],
    ["a list", '{"result":[]}', "unexpected-answer"],
  ])("of a detail, %s is never taken for more than it says", async (_, text, expected) => {
    const server = createServer(({ url }, response) => response.end(url?.endsWith("quota") ? '{"result":{}}' : text));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { client } = await start({}, { engagelabUrl: `http://127.0.0.1:${port}` });
    const found = await getContact(client, "8").then(String, ({ code }: JourneysError) => code);
    expect(found).toBe(expected);
    await client.close();
    server.close();
  });

  test("an upsert tells created, updated and failed apart", async () => {
    const { client } = await start({ engagelab: { unknownTag: "refused" } });
    const [id] = emulator.engagelab.seed([{ email: "B@example.com" }]);
    const members = [
      { email: "a@example.com" },
      { email: "b@example.com" },
      { email: "C@example.com", tags: ["none"] },
    ];
    const answer = await upsertContacts(client, () => members.map(wireMember), 0);
    expect(answer).toMatchObject({ kind: "done" });
    if (answer.kind !== "done") return;
    expect(Object.fromEntries(answer.upserted)).toEqual({
      "a@example.com": { kind: "created", id: expect.stringMatching(/^[0-9a-f]{24}$/) },
      "b@example.com": { kind: "updated", id },
      "c@example.com": { kind: "failed", reason: expect.stringContaining("tag") },
    });
  });

  test("a row is read in whatever form", () => {
    const row = {
      member_id: 8,
      email: " A@example.com ",
      phone: null,
      fields: { Age: 12, Empty: "", None: null },
      tag_ids: ["t"],
      create_time: "2023-11-28T18:30:02+0800",
    };
    expect(readContact(row)).toEqual({
      id: "8",
      email: "A@example.com",
      phone: "",
      name: "",
      fields: { Age: 12 },
      tags: undefined,
      tagIds: ["t"],
      createdAt: "2023-11-28T18:30:02+08:00",
      unsubscribedAt: undefined,
    });
    expect(readContact({ email: "a@example.com" })).toBeUndefined();
  });

  test.each([
    ["2023-11-28T18:30:02+0800", "2023-11-28T18:30:02+08:00"],
    ["2022-11-14 14:27:48", "2022-11-14T14:27:48+08:00"],
    ["2022-11-14T14:27:48Z", "2022-11-14T14:27:48Z"],
    [null, undefined],
    ["", undefined],
  ])("the time %j", (written, read) => {
    expect(readTime(written)).toBe(read);
  });
});
