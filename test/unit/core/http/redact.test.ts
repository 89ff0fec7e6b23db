import { expect, it } from "vitest";
import { redact } from "../../../../provider/core/http";
import { credentialsIn, redactJson } from "../../../../provider/core/http/redact";

const secret = 'Pä/ss+"w0rd?x';

it.each([
  ["as it is", secret],
  ["in capitals", secret.toUpperCase()],
  ["in JSON", JSON.stringify({ secret }).slice(11, -2)],
  ["percent-encoded", encodeURIComponent(secret)],
  ["percent-encoded in lower case", encodeURIComponent(secret).toLowerCase()],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64url", Buffer.from(secret).toString("base64url")],
])("takes a secret out %s", (_name, form) => {
  expect(redact(`before ${form} after`, [secret])).toBe("before [redacted] after");
});

it.each(["", "u", "us", "use", "user", "user:"])("takes a secret out of base64 after %j", (prefix) => {
  for (const suffix of ["", "1", "12", "123"]) {
    const encoded = Buffer.from(prefix + secret + suffix).toString("base64");
    const clean = redact(`Basic ${encoded}`, [secret]);
    expect(clean).toContain("[redacted]");
    const left = clean.replace("Basic ", "").replace("[redacted]", "");
    expect(Buffer.from(left, "base64").toString()).not.toMatch(/w0rd|ss\+/);
    expect(left.length).toBeLessThan(encoded.length - 12);
  }
});

it("takes the longer of two nested secrets out whole", () => {
  expect(redact("token-token-suffix", ["token", "token-suffix"])).toBe("[redacted]-[redacted]");
});

it("leaves other text alone, also without secrets", () => {
  expect(redact("nothing [to] see? here.", [])).toBe("nothing [to] see? here.");
  expect(redact("nothing to see", ["", "other"])).toBe("nothing to see");
  expect(redact("abcd abcd", ["a"])).toBe("[redacted]bcd [redacted]bcd");
});

it("copes with a secret that is no well-formed text", () => {
  expect(redact("x \ud800 y", ["\ud800"])).toBe("x [redacted] y");
});

it("reaches every string, key and number of a JSON value", () => {
  const value = { token: ["a token", 12345, 7, null, true], deep: { "my token": "TOKEN" } };
  expect(redactJson(value, ["token", "12345"])).toEqual({
    "[redacted]": ["a [redacted]", "[redacted]", 7, null, true],
    deep: { "my [redacted]": "[redacted]" },
  });
});

it("finds the credentials of a request", () => {
  const basic = Buffer.from("user:key").toString("base64");
  expect(credentialsIn({ Authorization: "Api abc", accept: "x" })).toEqual(["Api abc", "abc"]);
  expect(credentialsIn({ authorization: `Basic ${basic}` })).toEqual([`Basic ${basic}`, basic, "user:key", "key"]);
  expect(credentialsIn()).toEqual([]);
});
