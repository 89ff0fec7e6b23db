import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { ChildProcess } from "../../../provider/engine/child.js";

function start(source: string, announces = false) {
  const lines: string[] = [];
  const onLine = (stream: string, text: string) => lines.push(`${stream} ${text}`);
  return {
    lines,
    child: new ChildProcess({ args: ["-e", source], folder: tmpdir(), env: { WORD: "said" }, onLine, announces }),
  };
}

test("lines are passed on, the last one without its end as well", async () => {
  const { lines, child } = start('console.log(process.env.WORD); console.error("err"); process.stdout.write("last")');
  expect(await child.closed).toEqual({ code: 0, signal: null });
  expect(lines.filter((line) => line.startsWith("stdout"))).toEqual(["stdout said", "stdout last"]);
  expect(lines).toContain("stderr err");
});

test("the first line is for the engine alone", async () => {
  const { lines, child } = start('console.log("4711"); console.log("more")', true);
  expect(await child.firstLine()).toBe("4711");
  await child.closed;
  expect(lines).toEqual(["stdout more"]);
});

test("a process that ends before its first line is an error that says how", async () => {
  await expect(start("process.exit(3)", true).child.firstLine()).rejects.toThrow(
    "ended with code 3 before it was ready",
  );
});

test("a process is asked to end, and ended if it doesn't listen", async () => {
  const polite = start(
    'process.on("SIGINT", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)',
    true,
  );
  await polite.child.firstLine();
  await polite.child.stop();
  expect(await polite.child.closed).toEqual({ code: 7, signal: null });
  const deaf = start('process.on("SIGINT", () => {}); console.log("up"); setInterval(() => {}, 1000)', true);
  await deaf.child.firstLine();
  await deaf.child.stop(50);
  expect(await deaf.child.closed).toEqual({ code: null, signal: "SIGKILL" });
  expect(await deaf.child.describeEnd()).toBe("was ended by SIGKILL");
});
