import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..", "..");

/** Compiles the engine into a folder, for tests that run it as a process. */
export function build(folder: string): void {
  const options = [
    "--outDir",
    folder,
    "--rootDir",
    join(root, "provider"),
    "--noCheck",
    "--target",
    "es2023",
    "--module",
    "nodenext",
    "--types",
    "node",
  ];
  execFileSync(process.execPath, [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    ...options,
    join(root, "provider", "engine", "main.ts"),
    "--ignoreConfig",
  ]);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}
