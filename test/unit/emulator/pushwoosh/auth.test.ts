import { expect, it } from "vitest";
import { send, start } from "../client";

const list = "/api/v2/messages:list";
const log = "/api/v2/statistics/getMessageLog";
const drop = "/api/journey/drop-users/external";
const gateway = "/api/v3/journeygateway";

it.each([undefined, "", "Api", "secret", "Basic abc", "Api  two", "Api a b"])(
  "turns away %s",
  async (authorization) => {
    const emulator = await start();
    const answer = await send(emulator, "POST", gateway, {}, { authorization });
    expect(answer).toMatchObject({ status: 401, body: { code: 16, details: [] } });
    expect(answer.headers.get("www-authenticate")).toBe(answer.body.message);
    expect(await send(emulator, "POST", drop, {}, { authorization })).toMatchObject({
      status: 401,
      body: { success: false },
    });
    expect(await send(emulator, "POST", list, {}, { authorization })).toMatchObject({
      status: 401,
      body: { error: expect.any(String) },
    });
  },
);

it("takes any token, or those it knows", async () => {
  const any = await start();
  expect((await send(any, "POST", gateway, {}, { authorization: "Api whatever" })).status).toBe(400);
  const strict = await start({ tokens: ["one", "two"] });
  expect((await send(strict, "POST", gateway, {}, { authorization: "Api two" })).status).toBe(400);
  expect((await send(strict, "POST", gateway, {}, { authorization: "Api three" })).status).toBe(401);
});

const accepted = async (auth: "any" | "documented", path: string, method = "POST") => {
  const emulator = await start({ pushwoosh: { auth, list: "on" } });
  const schemes: string[] = [];
  for (const scheme of ["Api", "KEY", "token", "Bearer"]) {
    const body = method === "GET" ? undefined : {};
    const { status } = await send(emulator, method, path, body, { authorization: `${scheme} secret` });
    if (status !== 401) schemes.push(scheme);
  }
  return schemes;
};

it.each([gateway, log, list, drop])("takes any scheme for %s", async (path) => {
  expect(await accepted("any", path)).toEqual(["Api", "KEY", "token", "Bearer"]);
});

const any = ["Api", "KEY", "token", "Bearer"];
it.each<[string, string, string[]]>([
  ["POST", gateway, ["Api"]],
  ["PUT", `${gateway}/x`, ["Api"]],
  ...["start", "pause", "finish", "draft", "archive"].map((action): [string, string, string[]] => [
    "POST",
    `${gateway}/${action}`,
    ["Api"],
  ]),
  ["POST", "/api/journey/x/start/external", ["Api"]],
  ["GET", "/api/journey/x/statistics/external", ["Api"]],
  ["POST", drop, ["Api", "Bearer"]],
  ["GET", "/api/journey?page=1", ["Api"]],
  ["POST", list, any],
  ["POST", "/api/v2/statistics/messages/totalsByIntervals", any],
  ["POST", log, ["KEY"]],
  ["POST", "/api/v2/statistics/emails/linksInteractions", ["Api"]],
  ["POST", "/api/v2/statistics/emails/linksInteractionsDevices", ["Api"]],
  ["POST", "/api/v2/statistics/emails/bouncedEmails", any],
])("takes the documented scheme for %s %s", async (method, path, schemes) => {
  expect(await accepted("documented", path, method)).toEqual(schemes);
});
