// `journeys emulate` as a process: both platforms behind one address, with the behaviour its flags ask for.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, test } from "vitest";

test("serves both platforms until it is stopped", async () => {
  const flags = [
    "--engagelab-unknown-id",
    "404-text",
    "--fault",
    "kind=403,endpoint=contact.list",
    "--token",
    "secret",
  ];
  const child = spawn(process.execPath, [resolve(__dirname, "../../dist/cli/main.js"), "emulate", ...flags]);
  const ended = once(child, "close");
  try {
    const [data] = await once(child.stdout, "data");
    const [, url] = /on (http:\S+) \(seed/.exec(String(data)) ?? [];
    expect(String(data)).toContain(`pulumi config set journeys:engagelabUrl ${url}`);
    const contacts = (method: string, path: string, body?: unknown) =>
      fetch(`${url}/v1/marketing/lists/${path}`, {
        method,
        headers: { authorization: `Basic ${btoa("user:key")}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const missing = await contacts("GET", "members/1");
    expect([missing.status, await missing.text()]).toEqual([404, "not found"]);
    expect((await contacts("POST", "list_members", {})).status).toBe(403);
    expect(await (await contacts("POST", "list_members", {})).json()).toMatchObject({ total: 0 });
    const journey = (token: string) =>
      fetch(`${url}/api/v3/journeygateway`, {
        method: "POST",
        headers: { authorization: `Key ${token}`, "content-type": "application/json" },
        body: "{}",
      });
    const [refused, taken] = [await journey("wrong"), await journey("secret")];
    expect([401, 403]).toContain(refused.status);
    expect([401, 403]).not.toContain(taken.status);
  } finally {
    child.kill("SIGTERM");
  }
  expect((await ended)[0]).toBe(0);
});
