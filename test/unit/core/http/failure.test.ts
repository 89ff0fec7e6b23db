import { expect, it } from "vitest";
import { failure, type HttpRequest, type Reply } from "../../../../provider/core/http";

const request: HttpRequest = {
  base: "https://journey.pushwoosh.com/",
  method: "POST",
  path: "/api/v3/journeygateway",
  repeat: "not-processed",
  name: "create journey",
};

it.each([
  [301, "unexpected-answer"],
  [400, "refused"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not-found"],
  [409, "refused"],
  [429, "rate-limited"],
])("says HTTP %i as %s", (status, code) => {
  const error = failure({ kind: "refused", status, body: undefined, text: "", message: "because" }, request);
  expect(error.code).toBe(code);
  expect(error.parts.what).toBe(
    `create journey (POST https://journey.pushwoosh.com/api/v3/journeygateway): HTTP ${status}: because`,
  );
  expect(error.parts.now).toBeTruthy();
  expect(error.parts.next).toBeTruthy();
});

it("says not sent", () => {
  const error = failure({ kind: "notSent", message: "the connection was refused" }, { name: "create journey" });
  expect(error.code).toBe("not-sent");
  expect(error.parts.what).toBe("create journey: the connection was refused");
  expect(error.parts.now).toContain("did not reach");
});

it("says that a write's outcome is open, and that a read's decides nothing", () => {
  const reply: Exclude<Reply, { kind: "answered" }> = {
    kind: "unknown",
    message: "HTTP 502: Bad Gateway",
    status: 502,
  };
  expect(failure(reply, request).code).toBe("outcome-unknown");
  expect(failure(reply, request).parts.now).toContain("may or may not");
  expect(failure(reply, { ...request, repeat: "always" }).parts.now).toContain("nothing was decided");
});
