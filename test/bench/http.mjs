// What the HTTP client costs on top of plain undici: the same requests to the same server, limits off, in one process.
// Run after a build: node test/bench/http.mjs
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { Pool } from "undici";

const ROUNDS = 9;
const MOST = 1.1;
const body = {
  title: "Welcome",
  points: Array.from({ length: 30 }, (_, id) => ({ id, text: "hello world ".repeat(5) })),
};

if (process.send) serve();
else await compare();

function serve() {
  const answer = JSON.stringify(body);
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(answer));
  });
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
}

async function compare() {
  const { HttpClient } = createRequire(import.meta.url)("../../dist/core/http/index.js");
  const server = fork(import.meta.filename);
  const [port] = await once(server, "message");
  const base = `http://127.0.0.1:${port}`;
  const pool = new Pool(base);
  const client = new HttpClient({ rate: 0, concurrency: 0, secrets: () => [] });
  const plain = async () => {
    const headers = { accept: "application/json", "content-type": "application/json", authorization: "Api x" };
    const answer = await pool.request({ method: "POST", path: "/thing", headers, body: JSON.stringify(body) });
    return answer.body.json();
  };
  const request = { base, method: "POST", path: "/thing", body, repeat: "not-processed", name: "bench" };
  const ours = () => client.send({ ...request, headers: { authorization: "Api x" } });
  try {
    for (const [parallel, calls] of [
      [1, 1000],
      [50, 4000],
    ]) {
      const times = { plain: [], ours: [] };
      for (let round = 0; round < ROUNDS; round++) {
        times.plain.push(await time(plain, parallel, calls));
        times.ours.push(await time(ours, parallel, calls));
      }
      const ratio = median(times.ours) / median(times.plain);
      console.log(`http client / plain undici, ${parallel} in parallel: ${ratio.toFixed(2)} (at most ${MOST})`);
      if (ratio > MOST) process.exitCode = 1;
    }
  } finally {
    await Promise.all([pool.close(), client.close()]);
    server.kill();
  }
}

async function time(call, parallel, calls) {
  const begin = performance.now();
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return performance.now() - begin;
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}
