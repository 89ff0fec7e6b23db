import { afterAll, beforeAll, expect, test } from "vitest";
import { createJourney, listJourneys, moveJourney, replaceJourney } from "../../../../provider/pushwoosh/api/journeys";
import { startSample } from "./sample";

/** The documented request and answer of the methods that define and move a journey, with other values. */

let sample: Awaited<ReturnType<typeof startSample>>;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const id = "aaaaaaaa-2222-3333-4444-555555555555";
const params = { application_code: "AAAAA-00001" };
const entry = {
  uuid: "bbbbbbbb-0000-4000-8000-000000000001",
  point_type: "POINT_TYPE_START_BY_SEGMENT",
  point_data: { start_by_segment: { application_code: "AAAAA-00001", filter_code: "F-1" } },
  outputs: { default: { info: { next_point_uuid: "bbbbbbbb-0000-4000-8000-000000000002" } } },
};
const definition = { title: "Spring", params, points: [entry], comments: [{ text: "note" }] };
const info = {
  uuid: id,
  title: "Spring",
  status: "STATUS_DRAFT",
  created_at: "2030-01-01T00:00:00Z",
  updated_at: "2030-01-02T00:00:00Z",
  is_first_activated: false,
  params,
  category_uuid: "",
  pointCounts: { POINT_TYPE_START_BY_SEGMENT: 1 },
  campaign_type: "CAMPAIGN_TYPE_X",
  stop_reason: "",
  last_edited_by: { name: "somebody" },
  dynamic_entry: false,
};
const answered = (more: object = {}) => ({
  info: { ...info, ...more },
  points: definition.points,
  comments: definition.comments,
});
const read = (more: object = {}) => ({
  kind: "answered",
  answer: { info: { ...info, ...more }, journey: definition, showsPoints: true },
});

test("create", async () => {
  sample.answer(answered());
  expect(await createJourney(sample.client, definition)).toEqual(read());
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: "/api/v3/journeygateway",
    authorization: "Api token",
    body: definition,
  });
});

test("replace: everything is sent, the empty lists too", async () => {
  const bare = { ...definition, points: [], comments: [] };
  sample.answer(answered({ status: "STATUS_PAUSED" }));
  expect(await replaceJourney(sample.client, id, bare)).toEqual(read({ status: "STATUS_PAUSED" }));
  expect(sample.asked.pop()).toEqual({
    method: "PUT",
    path: `/api/v3/journeygateway/${id}`,
    authorization: "Api token",
    body: { title: "Spring", params, points: [], comments: [] },
  });
});

test.each([
  ["start", "STATUS_RUNNING"],
  ["pause", "STATUS_PAUSED"],
  ["finish", "STATUS_FINISHED"],
  ["draft", "STATUS_DRAFT"],
  ["archive", "STATUS_ARCHIVED"],
] as const)("%s", async (action, status) => {
  sample.answer(answered({ status }));
  expect(await moveJourney(sample.client, action, id)).toEqual(read({ status }));
  expect(sample.asked.pop()).toEqual({
    method: "POST",
    path: `/api/v3/journeygateway/${action}`,
    authorization: "Api token",
    body: { uuid: id },
  });
});

test.each([
  ["with params at the top", { info: { ...info, params: undefined }, params }, params],
  ["with params in both places", { info, params: { application_code: "OTHER" } }, params],
  ["without params", { info: { ...info, params: undefined } }, {}],
  ["with null for what is empty", { info, points: null, comments: null }, params],
])("an answer %s is read", async (_, body, expected) => {
  sample.answer(body);
  const journey = { title: "Spring", params: expected, points: [], comments: [] };
  expect(await createJourney(sample.client, definition)).toMatchObject({ kind: "answered", answer: { journey } });
});

test.each([
  ["another journey's", { info: { ...info, uuid: "cccccccc-2222-3333-4444-555555555555" } }],
  ["none", {}],
  ["one without an id", { info: { ...info, uuid: "" } }],
])("of an answer that is %s nothing is known", async (_, body) => {
  sample.answer(body);
  const written = await moveJourney(sample.client, "start", id);
  expect(written).toMatchObject({ kind: "unknown", error: { code: "unexpected-answer" } });
});

test("a refusal has the platform's words", async () => {
  sample.answer({ code: 9, message: "journey is not running", details: [] }, 400);
  const written = await moveJourney(sample.client, "pause", id);
  expect(written).toMatchObject({ kind: "refused", error: { code: "refused" } });
  expect((written as { error: Error }).error.message).toContain("journey is not running");
});

test("the list, page by page", async () => {
  const row = (name: string, status: string) => ({ id: name, title: name, status, createdAt: "2030-01-01" });
  const page = (number: number, row: object) => ({
    _metadata: { page: number, page_count: 2, total_count: 2 },
    payload: { items: [row] },
  });
  sample.asked.length = 0;
  sample.answer(page(1, row("j-1", "STATUS_RUNNING")));
  sample.answer(page(2, row("j-2", "ACTIVE")));
  expect(await listJourneys(sample.client)).toEqual([
    { id: "j-1", title: "j-1", status: "running", createdAt: "2030-01-01" },
    { id: "j-2", title: "j-2", status: "running", createdAt: "2030-01-01" },
  ]);
  const asked = { method: "GET", authorization: "Api token", body: undefined };
  expect(sample.asked).toEqual([
    { ...asked, path: "/api/journey?page=1" },
    { ...asked, path: "/api/journey?page=2" },
  ]);
});
