import { describe, expect, it } from "vitest";
import { Config, type Setting, settings } from "../../../provider/core/config";

const table: Record<string, Setting> = settings;

function config(stack: Record<string, string> = {}, env: Record<string, string> = {}): Config {
  return new Config({ get: (key) => stack[key] }, env);
}

describe("the table", () => {
  it("gives every setting an environment name of its own", () => {
    const names = Object.values(table).map(({ env }) => env);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(JOURNEYS|PUSHWOOSH|ENGAGELAB)_[A-Z_]+$/);
  });

  it("knows which settings are credentials", () => {
    const secret = Object.keys(table).filter((name) => table[name]?.secret);
    expect(secret).toEqual(["pushwooshApiToken", "engagelabApiKey"]);
  });

  it("has defaults that can be used", () => {
    const unset = config();
    expect(unset.url("pushwooshJourneyUrl")).toBe("https://journey.pushwoosh.com");
    expect(unset.url("pushwooshApiUrl")).toBe("https://api.pushwoosh.com");
    expect(unset.flag("pushwooshUseUndocumentedList")).toBe(false);
    expect(unset.path("recordFolder", "/program")).toBe("/program/.journeys");
    expect([unset.number("requestRate"), unset.number("requestConcurrency")]).toEqual([5, 4]);
    expect([unset.number("engagelabRate"), unset.number("engagelabConcurrency")]).toEqual([1, 2]);
    expect(unset.number("engagelabMaxDeletions")).toBe(100);
    const times = [unset.number("connectTimeout"), unset.number("headersTimeout"), unset.number("bodyTimeout")];
    expect(times).toEqual([10_000, 60_000, 60_000]);
  });
});

describe("a value", () => {
  it("comes from the stack first, then from the environment", () => {
    const stack = { "journeys:pushwooshApiToken": "of the stack" };
    const env = { PUSHWOOSH_API_TOKEN: "of the environment" };
    expect(config(stack, env).text("pushwooshApiToken")).toBe("of the stack");
    expect(config({}, env).text("pushwooshApiToken")).toBe("of the environment");
    expect(config({}, { JOURNEYS_REQUEST_RATE: "0.5" }).number("requestRate")).toBe(0.5);
  });

  it("that is an address of this machine is told from one of a platform", () => {
    const at = (url: string) => config({ "journeys:engagelabUrl": url }).localUrl("engagelabUrl");
    expect(["http://LOCALHOST:1/x/", "http://127.0.0.1:8080", "https://[::1]:1"].map(at)).toEqual([
      "http://localhost:1/x",
      "http://127.0.0.1:8080",
      "https://[::1]:1",
    ]);
    expect(["https://email.api.engagelab.cc", "not a URL", ""].map(at)).toEqual([undefined, undefined, undefined]);
    expect(config().localUrl("pushwooshJourneyUrl")).toBeUndefined();
  });

  it("that is blank counts as not set, and white space around it doesn't count", () => {
    const env = { PUSHWOOSH_API_TOKEN: "token\n" };
    expect(config({ "journeys:pushwooshApiToken": " " }, env).text("pushwooshApiToken")).toBe("token");
    expect(config({}, { PUSHWOOSH_API_TOKEN: "" }).has("pushwooshApiToken")).toBe(false);
  });

  it("that is missing is an error only when it is read, and names both places", () => {
    const unset = config();
    expect(() => unset.text("pushwooshApiToken")).toThrow(
      expect.objectContaining({
        code: "missing-configuration",
        message: expect.stringMatching(/pulumi config set --secret journeys:pushwooshApiToken.*PUSHWOOSH_API_TOKEN/),
      }),
    );
    expect(() => unset.text("engagelabApiUser")).toThrow(/pulumi config set journeys:engagelabApiUser/);
    expect(() => unset.choice("engagelabRegion")).toThrow(expect.objectContaining({ code: "missing-configuration" }));
    expect(unset.has("engagelabUrl")).toBe(false);
    expect(unset.has("requestRate")).toBe(true);
  });
});

describe("kinds", () => {
  it.each([
    ["true", true],
    ["True", true],
    ["1", true],
    ["false", false],
    ["0", false],
  ])("read the flag %s", (text, value) => {
    const read = config({ "journeys:pushwooshUseUndocumentedList": text });
    expect(read.flag("pushwooshUseUndocumentedList")).toBe(value);
  });

  it("read a choice and a path", () => {
    expect(config({ "journeys:engagelabRegion": "tr" }).choice("engagelabRegion")).toBe("tr");
    const read = config({}, { JOURNEYS_RECORD_FOLDER: "/elsewhere" });
    expect(read.path("recordFolder", "/program")).toBe("/elsewhere");
  });

  it.each([
    ["requestRate", "many", (read: Config) => read.number("requestRate")],
    ["requestRate", "-1", (read: Config) => read.number("requestRate")],
    ["requestRate", "Infinity", (read: Config) => read.number("requestRate")],
    ["requestConcurrency", "2.5", (read: Config) => read.number("requestConcurrency")],
    ["connectTimeout", "0", (read: Config) => read.number("connectTimeout")],
    ["pushwooshUseUndocumentedList", "yes", (read: Config) => read.flag("pushwooshUseUndocumentedList")],
    ["engagelabRegion", "us", (read: Config) => read.choice("engagelabRegion")],
    ["pushwooshJourneyUrl", "http://journey.pushwoosh.com", (read: Config) => read.url("pushwooshJourneyUrl")],
    ["pushwooshAuthScheme", "Basic", (read: Config) => read.authScheme("createJourney")],
    ["pushwooshAuthScheme", "{Api}", (read: Config) => read.authScheme("createJourney")],
    ["pushwooshAuthScheme", '{"createJourney":5}', (read: Config) => read.authScheme("createJourney")],
  ])("refuse %s as %s, wherever it was set", (name, value, read) => {
    const fromStack = () => read(config({ [`journeys:${name}`]: value }));
    expect(fromStack).toThrow(expect.objectContaining({ code: "invalid-configuration" }));
    expect(fromStack).toThrow(`journeys:${name}`);
    const env = table[name]?.env ?? "";
    expect(() => read(config({}, { [env]: value }))).toThrow(`the environment variable ${env}`);
  });
});

describe("the scheme before Pushwoosh's token", () => {
  it("is the method's own when nothing is set", () => {
    expect(config().authScheme("createJourney")).toBeUndefined();
  });

  it("can be set for all methods", () => {
    expect(config({ "journeys:pushwooshAuthScheme": "Bearer" }).authScheme("createJourney")).toBe("Bearer");
  });

  it("can be set by method", () => {
    const read = config({ "journeys:pushwooshAuthScheme": '{"getMessageLog":"Api"}' });
    expect(read.authScheme("getMessageLog")).toBe("Api");
    expect(read.authScheme("createJourney")).toBeUndefined();
  });
});

it("hands out the credentials that are set, for redaction", () => {
  expect(config().secrets()).toEqual([]);
  const read = config({ "journeys:pushwooshApiToken": "token" }, { ENGAGELAB_API_KEY: "key", ENGAGELAB_API_USER: "u" });
  expect(read.secrets()).toEqual(["token", "key"]);
});
