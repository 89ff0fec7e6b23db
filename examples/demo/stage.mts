/** Lays an example out as a user has it: a folder of its own, with this package and Pulumi's SDK installed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");

export interface Staged {
  folder: string;
  /** Replaces text in a file of the program, as an editor would. Fails if the text isn't there exactly once. */
  edit(file: string, from: string, to: string): void;
  remove(): void;
}

export function stage(example: string): Staged {
  const folder = mkdtempSync(join(tmpdir(), `${example}-`));
  cpSync(join(repository, "examples", example), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(repository, join(folder, "node_modules", "pulumi-journeys"));
  symlinkSync(join(repository, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  return {
    folder,
    edit(file, from, to) {
      const path = join(folder, file);
      const parts = readFileSync(path, "utf8").split(from);
      if (parts.length !== 2)
        throw new Error(`${file} holds ${JSON.stringify(from)} ${parts.length - 1} times, not once`);
      writeFileSync(path, parts.join(to));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
