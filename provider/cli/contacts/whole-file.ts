/** A file with people in it: written whole or not at all, and for its owner's eyes only. */
import { constants } from "node:fs";
import { access, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { JourneysError } from "../../core/errors";

/** @throws JourneysError `invalid-input` where the file exists and may not be overwritten, or could not be written */
export async function checkTarget(path: string, overwrite: boolean): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing && !overwrite) throw unwritable(path, "exists already", "name another one, or add --overwrite");
  if (existing && !existing.isFile()) throw unwritable(path, "is no file", "name a file");
  try {
    await access(dirname(path), constants.W_OK);
  } catch {
    throw unwritable(path, "can't be made: its folder is missing or may not be written to", "name another one");
  }
}

/**
 * Writes beside the file and renames. A part left behind by a run that was killed is replaced.
 *
 * @param path absolute, or relative to the working directory
 */
export async function writeWhole(path: string, lines: Iterable<string>, overwrite: boolean): Promise<void> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  try {
    const file = await open(part, "wx", 0o600);
    try {
      await file.writeFile(lines);
      await file.sync();
    } finally {
      await file.close();
    }
    await checkTarget(path, overwrite);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function unwritable(path: string, what: string, next: string): JourneysError {
  return new JourneysError({
    code: "invalid-input",
    what: `${path} ${what}`,
    now: "nothing was written",
    next,
  });
}
