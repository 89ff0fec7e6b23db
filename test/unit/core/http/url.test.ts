import { expect, it } from "vitest";
import { requireSafeUrl } from "../../../../provider/core/http";

it.each([
  ["https://journey.pushwoosh.com", "https://journey.pushwoosh.com"],
  ["https://Gateway.example.com:8443/pushwoosh//", "https://gateway.example.com:8443/pushwoosh"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
  ["http://127.1:8080", "http://127.0.0.1:8080"],
  ["http://localhost:1", "http://localhost:1"],
  ["http://[::1]:1", "http://[::1]:1"],
])("takes %s", (url, normal) => {
  expect(requireSafeUrl(url, "journeys:x")).toBe(normal);
});

it.each([
  ["", "is not a URL"],
  ["journey.pushwoosh.com", "is not a URL"],
  ["http://journey.pushwoosh.com", "must begin with https://"],
  ["http://localhost.example.com", "must begin with https://"],
  ["http://127.0.0.1.example.com", "must begin with https://"],
  ["http://0.0.0.0", "must begin with https://"],
  ["file:///etc/passwd", "must begin with https://"],
  ["https://user:pw@journey.pushwoosh.com", "contains a user name or password"],
  ["https://user@journey.pushwoosh.com", "contains a user name or password"],
  ["https://:pw@journey.pushwoosh.com", "contains a user name or password"],
  ["https://journey.pushwoosh.com?x=1", "contains a query"],
  ["https://journey.pushwoosh.com/#x", "contains a query or a fragment"],
])("refuses %s", (url, reason) => {
  expect(() => requireSafeUrl(url, "journeys:x")).toThrow(
    expect.objectContaining({
      code: "invalid-configuration",
      message: expect.stringContaining(`journeys:x ${reason}`),
    }),
  );
});
