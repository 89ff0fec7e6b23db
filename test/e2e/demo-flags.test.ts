// What the demonstration says to whoever asks for an engine that isn't there.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

test.each([
  [
    ["--engine", "pulumi"],
    `The Pulumi CLI can't be used: there is no program "pulumi" on the PATH. Install it (https://www.pulumi.com/docs/install/), or choose the engine "local".`,
  ],
  [
    ["--engine", "nonsense"],
    `There is no engine "nonsense". --engine takes local, pulumi (the Pulumi CLI) or auto (the CLI if there is one, else local).`,
  ],
  [["--motor", "local"], "Unknown option '--motor'"],
])("%j is refused in one line, before anything runs", (flags, message) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve(__dirname, "../../examples/demo/main.mts"), ...flags],
    { encoding: "utf8", env: { ...process.env, PATH: "/nowhere", PULUMI_HOME: "/nowhere" } },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: `${message}\n` });
});
