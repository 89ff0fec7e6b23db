import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { reportCsv, reportTable } from "../../../provider/cli/report-text";
import { statsCommand } from "../../../provider/cli/stats";
import type { JourneyReport } from "../../../provider/pushwoosh/statistics/report";
import { application, running } from "../emulator/pushwoosh/running";

const report: JourneyReport = {
  journeyId: "j-1",
  title: "Spring",
  points: [
    {
      title: 'Greeting, "warm"',
      campaignCode: "B-1",
      presetCode: "P-1",
      figures: { sent: 22648, opened: 60, conversion: 0.26492405510420347 },
      messages: { count: 2, truncated: true, figures: { sends: 22648 } },
    },
    {
      title: "Hint",
      campaignCode: "B-2",
      figures: { shows: 3148, skipped: 0, further: { newly: "12345678901234567890" } },
    },
  ],
};

describe("report", () => {
  test("as a table with bars", () => {
    expect(reportTable(report).split("\n")).toEqual([
      "Spring (j-1)",
      "",
      "POINT             FIGURE                          VALUE",
      'Greeting, "warm"  sent                           22,648  ████████████████████',
      "                  opened                             60  ▏",
      "                  conversion                     0.26 %  ▏",
      "                  messages: count                     2  ▏",
      "                  messages: sends                22,648  ████████████████████",
      "Hint              shows                           3,148  ██▊",
      "                  skipped                             0",
      "                  newly            12345678901234567890",
      "",
      "There are more messages than were counted: raise --limit.",
      "",
    ]);
  });

  test("in a narrow terminal, with titles of any kind", () => {
    const points = [
      { title: "A title somebody wrote a sentence into", figures: { sent: 8 } },
      { title: "お知らせ 🎉 é e\u0301", figures: { sent: 4 } },
      { title: "\u001b[31mred\n", figures: { further: { "new\u0007": "\u001b[2J" } } },
    ];
    expect(reportTable({ journeyId: "j-1", title: "\u001b]0;x\u0007", points }, 40).split("\n")).toEqual([
      "\ufffd]0;x\ufffd (j-1)",
      "",
      "POINT         FIGURE  VALUE",
      "A title som…  sent        8  ███████████",
      "お知らせ 🎉…  sent        4  █████▌",
      "\ufffd[31mred\ufffd     new\ufffd     \ufffd[2J",
      "",
    ]);
  });

  test("of a journey without figures", () => {
    expect(reportTable({ journeyId: "j-1", points: [] })).toBe(
      "(no title) (j-1)\nno figures: it never ran, or has no message points\n",
    );
  });

  test("as CSV", () => {
    expect(reportCsv(report).split("\r\n").slice(0, 3)).toEqual([
      "journey_id,journey,point,campaign_code,preset_code,source,figure,value",
      'j-1,Spring,"Greeting, ""warm""",B-1,P-1,point,sent,22648',
      'j-1,Spring,"Greeting, ""warm""",B-1,P-1,point,opened,60',
    ]);
    expect(reportCsv(report)).toContain("j-1,Spring,Hint,B-2,,point,newly,12345678901234567890\r\n");
  });
});

describe("journeys stats", () => {
  let printed: string;
  let scene: Awaited<ReturnType<typeof running>>;
  beforeEach(async () => {
    printed = "";
    scene = await running({ pushwoosh: { list: "on" } });
    vi.stubEnv("PUSHWOOSH_API_TOKEN", "token");
    vi.stubEnv("JOURNEYS_PUSHWOOSH_JOURNEY_URL", scene.emulator.url);
    vi.stubEnv("JOURNEYS_PUSHWOOSH_API_URL", scene.emulator.url);
    vi.stubEnv("JOURNEYS_REQUEST_RATE", "0");
    vi.stubEnv("JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST", "true");
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const stats = async (...args: string[]) => {
    await statsCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parseAsync(args, { from: "user" });
    return printed;
  };

  test("by id, as JSON, with the messages of the application", async () => {
    const found = JSON.parse(await stats(scene.id, "--application", application, "--json"));
    expect(found).toMatchObject({
      journeyId: scene.id,
      points: [{ messages: { count: 1 } }, { messages: { count: 1 } }],
    });
  });

  test("by title, as a table and as CSV", async () => {
    expect(await stats("Figures")).toMatch(/^Figures \(.*\)\n\nPOINT +FIGURE +VALUE\nHello +sent/);
    printed = "";
    expect(await stats("Figures", "--csv")).toMatch(/^journey_id,.*\r\n.*,Hello,/);
  });

  test("what can't be is said", async () => {
    await expect(stats("Nobody")).rejects.toThrow(/not-found: the list shows no journey titled "Nobody"/);
    scene.emulator.behind.createJourney({ title: "Figures", params: { application_code: application } });
    await expect(stats("Figures")).rejects.toThrow(/several journeys are titled .*\n.*\n.*give one of the UUIDs: /);
    await expect(stats(scene.id, "--limit", "0")).rejects.toThrow(/whole number/);
    await expect(stats(scene.id, "--json", "--csv")).rejects.toThrow(/cannot be used with/);
    const dated = ["--application", application, "--from", "2030-01-01"];
    await expect(stats(scene.id, ...dated)).rejects.toThrow(/to: is required with from/);
    const undirected = stats(scene.id, "--from", "2030-01-01", "--to", "2030-01-02");
    await expect(undirected).rejects.toThrow(/applicationCode: is required with from and to/);
    vi.stubEnv("JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST", "false");
    const before = scene.emulator.requests();
    for (const wrong of ["Figures", "", "../x", `${scene.id}/..`, "\u0007"])
      await expect(stats(wrong)).rejects.toThrow(
        /invalid-input: ".*" is not the UUID of a journey\n.*nothing was sent/,
      );
    vi.stubEnv("PUSHWOOSH_API_TOKEN", "");
    await expect(stats(scene.id)).rejects.toThrow(/missing-configuration: .*pushwooshApiToken/);
    expect(scene.emulator.requests()).toBe(before);
    expect(printed).toBe("");
  });
});
