// Most tests start processes that load the SDK and this package. A provider process is ended before it could keep what Node
// compiled; one process that loads the same and ends by itself keeps it for all, which halves what a suite costs.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const repository = resolve(__dirname, "..");

export default function keepCompiled(): void {
  process.env.NODE_COMPILE_CACHE ??= resolve(repository, "node_modules/.cache/compiled");
  const loaded = ["@pulumi/pulumi", "@pulumi/pulumi/proto/provider_grpc_pb", "./dist/hosts/dynamic/pushwoosh-journey"];
  spawnSync(process.execPath, ["-e", loaded.map((name) => `require("${name}");`).join("")], { cwd: repository });
}
