import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "../../emulator/client";
import { methods } from "./methods";
import { clientOf, startSample } from "./sample";

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const names = Object.keys(methods);
const documented = (name: string) => (name === "messages.log" ? "Key" : "Api");

/** The word before the token in the first request of each method; what the answer is doesn't matter. */
async function words(settings: Record<string, string> = {}): Promise<Record<string, string>> {
  const client = sample.clientWith(settings);
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(methods)) {
    sample.asked.length = 0;
    await call(client).catch(() => {});
    const [word, token] = sample.asked[0]!.authorization.split(" ");
    expect(token).toBe("token");
    found[name] = word!;
  }
  await client.close();
  return found;
}

const expected = (word: (name: string) => string) => Object.fromEntries(names.map((name) => [name, word(name)]));

test("there are seventeen methods", () => expect(names).toHaveLength(17));

test("each method takes the word before the token from its documentation", async () => {
  expect(await words()).toEqual(expected(documented));
});

test.each(["Api", "Key", "Token", "Bearer"])("one setting gives all of them %s", async (scheme) => {
  expect(await words({ pushwooshAuthScheme: scheme })).toEqual(expected(() => scheme));
});

test.each(names)("%s takes a word of its own, and no other method does", async (own) => {
  const pushwooshAuthScheme = JSON.stringify({ [own]: "Token" });
  expect(await words({ pushwooshAuthScheme })).toEqual(expected((name) => (name === own ? "Token" : documented(name))));
});

test("a platform that takes the documented words alone takes them all, under these names", async () => {
  const emulator = await start({ pushwoosh: { auth: "documented", list: "on" }, tokens: ["token"] });
  const client = clientOf(emulator.url);
  for (const call of Object.values(methods)) await call(client).catch(() => {});
  await client.close();
  expect(emulator.journal.map(({ endpoint }) => endpoint)).toEqual(names);
  expect(emulator.journal.filter(({ status }) => status === 401)).toEqual([]);
});

test("a platform that takes none of the words says so for each method", async () => {
  const emulator = await start({ pushwoosh: { auth: "documented", list: "on" }, tokens: ["token"] });
  const client = clientOf(emulator.url, { pushwooshAuthScheme: "Token" });
  for (const call of Object.values(methods)) await call(client).catch(() => {});
  await client.close();
  // For the other three no documentation shows a word, so any will do.
  const open = ["messages.list", "messages.totals", "emails.bounced"];
  const refused = emulator.journal.filter(({ status }) => status === 401).map(({ endpoint }) => endpoint);
  expect(refused).toEqual(names.filter((name) => !open.includes(name)));
});
