// Credentials and secret inputs that would be recognised anywhere: they must turn up nowhere a person, a log or a file may show them.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushwoosh } from "../../provider";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { type EngineEvent, type OperationResult, Stack } from "../../provider/engine/index.js";
import { canvas, inputs } from "./canvas";
import { layOut } from "./ground";
import { Site } from "./killed";

/** Odd characters: those that JSON, URLs and regular expressions treat specially. */
const token = 'cAnArY+t0k3n/"$x\\5.(end';

/** What the mirror answers instead of passing a request on; `$auth` and `$body` are replaced by the request's own. */
interface Reflection {
  status: number;
  text: string;
}

/** A proxy in front of the emulator that can throw a request's own secrets back at the client. */
class Mirror {
  reflection: Reflection | undefined;
  reflected = 0;
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(target: string): Promise<Mirror> {
    const reflect = async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const auth = request.headers.authorization ?? "";
      if (mirror.reflection) {
        mirror.reflected += 1;
        const { status, text } = mirror.reflection;
        response.writeHead(status, { "content-type": "application/json", "x-echo": encodeURIComponent(auth) });
        response.end(fill(text, auth, body));
        return;
      }
      const { method = "GET", url = "/" } = request;
      const headers = { authorization: auth, "content-type": "application/json" };
      const answer = await fetch(target + url, { method, headers, ...(body && { body }) });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    };
    const server = createServer((request, response) => void reflect(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const mirror = new Mirror(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return mirror;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Puts a request's own parts into a text, as they look inside a JSON string. */
function fill(text: string, auth: string, body: string): string {
  const parts: Record<string, string> = {
    auth: JSON.stringify(auth).slice(1, -1),
    base64: Buffer.from(auth.replace(/^\S+ /, "")).toString("base64"),
    body: JSON.stringify(body).slice(1, -1),
  };
  return text.replace(/\$(auth|base64|body)/g, (_, name) => parts[name] ?? "");
}

const refusal: Reflection = {
  status: 400,
  text: '{"code":9,"message":"can\'t: you sent $auth ($base64) and $body","details":["$auth"]}',
};
const broken: Reflection = { status: 500, text: '{"code":13,"message":"$auth broke it: $body"}' };
const garbled: Reflection = { status: 200, text: "<pre>$auth $base64 $body" };
const unauthorized: Reflection = { status: 401, text: '{"message":"$auth is not valid"}' };

/** Every form in which a secret could leak. */
const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
];

const hits = (texts: Iterable<[string, string]>, secret: string): string[] =>
  [...texts].flatMap(([where, text]) =>
    formsOf(secret)
      .filter((form) => text.includes(form))
      .map((form) => `${where}: ${form}`),
  );

/** Every file of a folder but the installed packages: a recursive listing would follow their links. */
function filesOf(folder: string): [string, string][] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .flatMap((entry): [string, string][] => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [[path, readFileSync(path, "utf8")]];
    });
}

/** Results give a program the values of its own secret outputs, marked as such; what prints them masks them. */
const printed = (result: unknown) =>
  JSON.stringify(result, (_, value) => (value?.secret === true ? { ...value, value: "[secret]" } : value));

let emulator: Emulator;
let mirror: Mirror;
beforeAll(async () => {
  emulator = await startEmulator({ pushwoosh: { list: "on" }, tokens: [token] });
  mirror = await Mirror.open(emulator.url);
});
afterAll(async () => {
  mirror?.close();
  await emulator?.close();
});

test.each(["stack configuration", "environment"])(
  "a token from the %s turns up nowhere, whatever the platform echoes",
  async (source) => {
    const title = `Token from the ${source}`;
    const fromStack = source === "stack configuration";
    const site = new Site({
      ...(fromStack && { "journeys:pushwooshApiToken": { value: token, secret: true } }),
      "journeys:pushwooshJourneyUrl": mirror.url,
      "journeys:pushwooshUseUndocumentedList": true,
      "journeys:requestRate": 0,
    });
    const texts: [string, string][] = [];
    const run = async (
      reflection: Reflection | undefined,
      operation: "preview" | "up" | "refresh" | "destroy",
      text = "Hello",
    ) => {
      mirror.reflection = reflection;
      const before = mirror.reflected;
      site.declared = { [title]: inputs(title, { status: "running" }, text) };
      const engine = site.start({ operation, env: fromStack ? {} : { PUSHWOOSH_API_TOKEN: token } });
      await engine.ended;
      if (reflection) expect(mirror.reflected, "something was echoed").toBeGreaterThan(before);
      expect(engine.exitCode, engine.text).toBe(reflection ? 1 : 0);
      texts.push([`${operation} ${reflection?.status}`, engine.text], ...filesOf(site.folder));
    };
    if (fromStack) await run(undefined, "preview");
    await run(unauthorized, "up");
    if (fromStack) await run(refusal, "up");
    await run(undefined, "up");
    await run(broken, "up", "Edited");
    if (fromStack) await run(garbled, "up", "Edited");
    await run(undefined, "up", "Edited");
    if (fromStack) await run(unauthorized, "refresh");
    await run(refusal, "destroy");
    if (fromStack) await run(undefined, "destroy");
    const everything = texts.map(([, text]) => text).join("\n");
    for (const sign of ["is not valid", "can't: you sent", "broke it", "Edited", title])
      expect(everything).toContain(sign);
    expect(hits(texts, token)).toEqual([]);
    expect(hits([["journal", JSON.stringify(emulator.journal)]], token)).toEqual([]);
    site.remove();
  },
);

test("secret inputs turn up in no block, error, record or state, whatever becomes of them", async () => {
  const [hook, hook2, name] = ["cAnArY-h00k", "cAnArY-h00k-changed", "cAnArY-title"];
  const folder = layOut();
  const events: EngineEvent[] = [];
  const texts: [string, string][] = [];
  let declared: pushwoosh.JourneyArgs | undefined;
  const stack = await Stack.create({
    project: "shop",
    folder,
    stateFile: join(folder, "state.json"),
    passphrase: "tests only",
    config: {
      "journeys:pushwooshApiToken": { value: token, secret: true },
      "journeys:pushwooshJourneyUrl": mirror.url,
      "journeys:requestRate": 0,
    },
    onEvent: (event) => events.push(event),
    program: () => {
      if (declared) return { answer: new pushwoosh.Journey("welcome", declared).title };
    },
  });
  const declare = (secret: string, plain: string) => {
    const call = {
      type: "POINT_TYPE_WEBHOOK",
      data: { webhook: { url: "https://example.org", headers: { "X-Key": pulumi.secret(secret) }, plain } },
    };
    const { entry, done } = canvas();
    const points = { entry: { ...entry!, next: "call" }, call: { ...call, next: "done" }, done: done! };
    declared = { ...inputs("", { status: "running" }), title: pulumi.secret(name), points };
  };
  const act = async (
    operation: "preview" | "up" | "refresh" | "destroy",
    reflection?: Reflection,
  ): Promise<OperationResult> => {
    mirror.reflection = reflection;
    const result = await stack[operation]();
    texts.push([`result of ${operation}`, printed(result)], ...filesOf(folder));
    expect(result.ok, JSON.stringify(result.diagnostics)).toBe(reflection === undefined);
    return result;
  };
  declare(hook, "first");
  expect((await act("preview")).messages.join("\n")).toContain('create journey "welcome"');
  await act("up", refusal);
  await act("up");
  declare(hook2, "second");
  const { messages } = await act("preview");
  expect(messages.join("\n")).toMatch(/headers\.X-Key: "\[secret\]" → "\[secret\]".*\n.*plain: "first" → "second"/);
  for (const reflection of [broken, garbled]) await act("up", reflection);
  await act("up");
  await act("refresh");
  await act("refresh", unauthorized);
  emulator.behind.journey(name).edit(({ points }) => {
    for (const { point_data } of points) {
      const { webhook } = point_data as { webhook?: { plain: string } };
      if (webhook) webhook.plain = "theirs";
    }
  });
  declare(hook, "third");
  mirror.reflection = undefined;
  const outside = await stack.up();
  expect(outside.failure).toMatch(/edited-outside.*plain/s);
  texts.push(["result of the outside edit", printed(outside)], ...filesOf(folder));
  await act("destroy", refusal);
  await act("destroy");
  await stack.close();
  texts.push(["events", printed(events)], ...filesOf(folder));
  expect(hits(texts, token)).toEqual([]);
  for (const secret of [hook, hook2, name]) expect(hits(texts, secret!)).toEqual([]);
  rmSync(folder, { recursive: true });
});
