// What people cost: a log of 100,000 events against plain paging, its memory, and an entry of 100,000 users against plain
// calls; limits off, the emulator in a process of its own. Run after a build: node test/bench/people.mjs
//
// The entry is judged with calls that take a millisecond, which is far less than any over a network. With none at all it is
// shown as well: a plain call then takes in 500 people faster than anybody can look for one who is listed twice.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Pool } from "undici";

const COUNT = 100_000;
const ROUNDS = 7;
const require = createRequire(import.meta.url);
const applicationCode = "BENCH-00001";

if (process.send) await serve();
else await compare();

/** An emulator with one journey that takes people in and has sent one message. */
async function serve() {
  process.on("disconnect", () => process.exit());
  const { startEmulator } = require("../../dist/emulator/index.js");
  const emulator = await startEmulator({ journalBodies: false, pushwoosh: { eventsPerMessage: COUNT } });
  const points = [
    { uuid: "entry", point_data: { start_by_api: {} } },
    { uuid: "push", title: "Push", point_type: "POINT_TYPE_SEND_PUSH" },
  ];
  const params = { application_code: applicationCode };
  const journeyId = emulator.behind.createJourney({ title: "Bench", params, points });
  emulator.behind.journey(journeyId).start();
  process.on("message", ({ delayMs }) => {
    emulator.fault({ kind: "delay", endpoint: "journey.enter", delayMs, times: Number.POSITIVE_INFINITY });
    process.send("slower");
  });
  process.send({ url: emulator.url, journeyId });
}

async function compare() {
  const server = fork(import.meta.filename);
  const [{ url, journeyId }] = await once(server, "message");
  const pool = new Pool(url);
  const settings = { pushwooshApiToken: "x", pushwooshApiUrl: url, pushwooshJourneyUrl: url };
  const get = (key) => ({ ...settings, requestRate: "0", requestConcurrency: "0" })[key.replace("journeys:", "")];
  try {
    await compareLog(pool, get);
    await compareEntry(pool, get, journeyId, server);
  } finally {
    await pool.close();
    server.kill();
  }
}

async function post(pool, path, body) {
  const headers = { "content-type": "application/json", authorization: "Key x" };
  const answer = await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
  return answer.body.json();
}

async function compareLog(pool, get) {
  const { openClient, StatisticsClient } = require("../../dist/pushwoosh/statistics/index.js");
  const statistics = new StatisticsClient(openClient({ get }, {}));
  const span = { from: "2000-01-01", to: "2100-01-01" };
  const heaps = [];
  const ours = async (onProgress) => {
    let count = 0;
    for await (const event of statistics.messageLog({ applicationCode, ...span }, { onProgress }))
      count += event ? 1 : 0;
    return count;
  };
  const plain = async () => {
    const dates = { date_from: "2000-01-01 00:00:00", date_to: "2100-01-01 23:59:59" };
    let count = 0;
    for (let token; ; ) {
      const body = {
        application_code: applicationCode,
        ...dates,
        limit: 1000,
        ...(token && { pagination_token: token }),
      };
      const page = await post(pool, "/api/v2/statistics/getMessageLog", body);
      for (const event of page.data) count += event ? 1 : 0;
      token = page.pagination_token;
      if (!token) return count;
    }
  };
  await judge(`log of ${COUNT} events / plain paging`, ours, plain, 1.3);

  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  await ours(() => {
    collect();
    heaps.push(process.memoryUsage().heapUsed);
  });
  const half = heaps.length / 2;
  const ratio = Math.max(...heaps.slice(half)) / Math.max(...heaps.slice(0, half));
  report("log: memory of the second half / of the first", ratio, 1.1);
  await statistics.close();
}

async function compareEntry(pool, get, journeyId, server) {
  const { Config } = require("../../dist/core/config.js");
  const { Runtime } = require("../../dist/core/runtime.js");
  const { journeyEntry } = require("../../dist/pushwoosh/entry/resource.js");
  const users = Array.from({ length: COUNT }, (_, index) => `user-${index}-of-the-bench`);
  const folder = mkdtempSync(join(tmpdir(), "journeys-bench-"));
  const runtime = new Runtime(new Config({ get }, {}), folder);
  let serial = 0;
  const ours = async () => {
    serial += 1;
    const context = { runtime, urn: `urn-${serial}`, name: "bench", secretPaths: [["users"]], log: () => {} };
    const inputs = { journeyId, users, maxUsers: COUNT };
    journeyEntry.check(inputs, context);
    journeyEntry.plan(inputs, undefined, context);
    return (await journeyEntry.create(inputs, context)).state.peopleEntered;
  };
  const plain = async () => {
    for (let start = 0; start < COUNT; start += 500) {
      const payload = { users: users.slice(start, start + 500) };
      const { request_uuid } = await post(pool, `/api/journey/${journeyId}/start/external`, { payload });
      if (!request_uuid) throw new Error("refused");
    }
    return COUNT;
  };
  await judge(`entry of ${COUNT} users / plain calls that take no time`, ours, plain);
  server.send({ delayMs: 1 });
  await once(server, "message");
  await judge(`entry of ${COUNT} users / plain calls`, ours, plain, 1.3);
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}

async function judge(name, ours, plain, most) {
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times = {};
    for (const [key, work] of Object.entries(round % 2 ? { ours, plain } : { plain, ours })) {
      const started = performance.now();
      if ((await work()) !== COUNT) throw new Error(`${name}: not all of them`);
      times[key] = performance.now() - started;
    }
    ratios.push(times.ours / times.plain);
  }
  report(name, median(ratios), most);
}

function report(name, ratio, most) {
  console.log(`${name}: ${ratio.toFixed(2)} (${most ? `at most ${most}` : "for comparison"})`);
  if (ratio > most) process.exitCode = 1;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
