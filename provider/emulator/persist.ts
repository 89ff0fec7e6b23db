import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Platform } from "./exchange";
import type { World } from "./world";

interface SavedEmulator {
  version: 1;
  world: ReturnType<World["save"]>;
  platforms: Record<string, unknown>;
}

/** Keeps world and platforms in a file, so that a killed emulator comes back with all it had committed. */
export class Persistence {
  constructor(
    private readonly file: string | undefined,
    private readonly world: World,
    private readonly platforms: readonly Platform[],
  ) {}

  /** Takes the file's state, if there is a file. */
  load(): void {
    if (this.file === undefined) return;
    const saved = readSaved(this.file);
    if (!saved) return;
    this.world.restore(saved.world);
    for (const platform of this.platforms) platform.restore(saved.platforms[platform.name]);
  }

  /** Writes the state beside the file and renames: a kill leaves the old file or the new one, never half of one. */
  save(): void {
    if (this.file === undefined) return;
    const platforms = Object.fromEntries(this.platforms.map((platform) => [platform.name, platform.save()]));
    const saved: SavedEmulator = { version: 1, world: this.world.save(), platforms };
    const beside = `${this.file}.${process.pid}.part`;
    writeFileSync(beside, JSON.stringify(saved), { mode: 0o600 });
    renameSync(beside, this.file);
  }
}

function readSaved(file: string): SavedEmulator | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const saved = parse(text) as Partial<SavedEmulator> | undefined;
  if (saved?.version !== 1 || !saved.world || !saved.platforms) {
    throw new Error(
      `${file} was not written by this emulator, so it was left alone. Name another file, or delete it to begin with empty accounts.`,
    );
  }
  return saved as SavedEmulator;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
