import { expect, it } from "vitest";
import { start } from "../client";
import { application, paths, post } from "./running";

const log = { application_code: application };
const bounced = { application, campaign: "C", per_page: 10 };
const range = (date_from: unknown, date_to: unknown) => ({ date_from, date_to });
it.each<[keyof typeof paths, unknown, string]>([
  ["list", [], "request body must be a JSON object"],
  ["list", {}, "filters must be provided"],
  ["list", { filters: {} }, "application must be provided"],
  ["list", { filters: { application }, per_page: 1001 }, "per_page must not exceed 1000"],
  ["list", { filters: { application }, page: -1 }, "page must be a non-negative integer"],
  ["list", { filters: { application, platforms: ["ios"] } }, 'unknown value "ios" in platforms'],
  [
    "list",
    { filters: { application, date_range: range("2030-1-1", "2030-01-02") } },
    "date_from must have the format YYYY-MM-DD",
  ],
  [
    "list",
    { filters: { application, date_range: range("2030-01-01", "") } },
    "date_from and date_to must be provided together",
  ],
  [
    "list",
    { filters: { application, date_range: range("2030-01-03", "2030-01-02") } },
    "date_from must not be after date_to",
  ],
  ["list", { filters: { application, messages_codes: "x" } }, "messages_codes must be an array"],
  ["list", { filters: { application, messages_ids: ["x"] } }, "messages_ids must hold integers"],
  ["list", { filters: { application, campaign: 7 } }, "campaign must be a string"],
  ["totals", {}, "message_code must be provided"],
  ["totals", { message_code: "nobody's" }, "message not found"],
  ["totals", { message_code: "x", platforms: ["ios"] }, "platforms must hold integers"],
  ["log", {}, "application_code must be provided"],
  ["log", log, "date_from and date_to must be provided"],
  ["log", { ...log, hwid: "x" }, "date_from and date_to must be provided"],
  ["log", { ...log, ...range("2030-01-01", "2030-01-02") }, "date_from must have the format YYYY-MM-DD HH:MM:SS"],
  ["log", { ...log, message_id: 1, limit: 100_001 }, "limit must not exceed 100000"],
  ["log", { ...log, message_id: 1, actions: ["clicked"] }, 'unknown value "clicked" in actions'],
  ["log", { ...log, message_id: 1, platforms: ["IOS"] }, 'unknown value "IOS" in platforms'],
  ["log", { ...log, message_id: 1, pagination_token: "x" }, "pagination_token is not valid"],
  ["log", { ...log, message_id: 1, hwid: 7 }, "hwid must be a string or an array of strings"],
  ["links", { application }, "filters must be provided"],
  ["links", { filters: {} }, "one of application, campaign, messages_ids or messages_codes must be provided"],
  ["links", { filters: { application } }, "link_template must be provided with application or campaign"],
  ["links", { filters: { campaign: "C" } }, "link_template must be provided with application or campaign"],
  ["devices", { filters: {} }, "one of application, campaign, messages_ids or messages_codes must be provided"],
  ["devices", { filters: { messages_ids: [1] }, per_page: 1001 }, "per_page must not exceed 1000"],
  ["bounced", { per_page: 10 }, "application must be provided"],
  ["bounced", { application, per_page: 10 }, "one of message_code, campaign or date_from and date_to must be provided"],
  ["bounced", { application, campaign: "C" }, "per_page must be provided"],
  ["bounced", { ...bounced, per_page: 5001 }, "per_page must not exceed 5000"],
  ["bounced", { ...bounced, type: "hard" }, 'unknown value "hard" in type'],
  [
    "bounced",
    { ...bounced, ...range("2030-01-01", "2030-01-02") },
    "date_from must have the format YYYY-MM-DDTHH:MM:SS.000Z",
  ],
])("%s refuses %j", async (method, body, error) => {
  for (const [statisticsErrors, status] of [
    ["400", 400],
    ["200", 200],
  ] as const) {
    const emulator = await start({ pushwoosh: { statisticsErrors } });
    const answer = await post(emulator, paths[method], body);
    expect([answer.status, answer.body]).toEqual([status, { error }]);
    expect(emulator.writes()).toBe(0);
  }
});
