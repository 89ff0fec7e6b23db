/**
 * The deployment on disk: a file in Pulumi's format, a journal of what happened since it was written, and a lock. Every line
 * of the journal is flushed to the disk before the run goes on; a whole file is written only at the end of a run.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { parseDeployment, type UntypedDeployment } from "./deployment.js";
import type { SecretsProvider } from "./secrets.js";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The first line says to which file the journal belongs, and one may say into which file it has gone; the rest are changes. */
interface JournalLine {
  base?: string;
  secretsProvider?: SecretsProvider;
  saved?: string;
}

export class StateFile {
  /** The deployment as it was last written as a whole; `undefined` for a new one. */
  base: UntypedDeployment | undefined;
  /** What the journal holds beyond `base`: the state an interrupted run left. */
  journal: unknown[] = [];
  /** By what the secrets of file and journal are encrypted; to be set for a new deployment, before anything is written. */
  secretsProvider: SecretsProvider | undefined;
  private baseDigest = digest("");
  private handle: FileHandle | undefined;
  private readonly waiting: string[] = [];
  /** The flush that takes what is waiting, and the end of the one before it. */
  private flushing: Promise<void> | undefined;
  private flushed = Promise.resolve();

  /** Takes the lock and reads. Throws if another engine holds the lock, or if the file isn't a deployment. */
  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    lock(`${path}.lock`);
    try {
      this.load();
    } catch (error) {
      this.unlock();
      throw error;
    }
  }

  /** Appends one line; resolves when it is on the disk. Lines that come while the disk is busy are flushed together. */
  append(line: unknown): Promise<void> {
    this.waiting.push(`${JSON.stringify(line)}\n`);
    this.flushing ??= this.flushed.then(() => this.flush());
    this.flushed = this.flushing.catch(() => {}); // whoever appended is told
    return this.flushing;
  }

  /** Writes the whole deployment in place of file and journal; at no moment is there neither the old nor the new one. */
  async save(deployment: UntypedDeployment): Promise<void> {
    const text = `${JSON.stringify(deployment, undefined, 2)}\n`;
    // If the process dies between the two steps below, this line tells the next one that the journal is in the file already.
    await this.append({ saved: digest(text) });
    const temporary = `${this.path}.new`;
    const file = await open(temporary, "w");
    await file.writeFile(text);
    await file.sync();
    await file.close();
    renameSync(temporary, this.path);
    await this.dropJournal();
    this.base = deployment;
    this.baseDigest = digest(text);
  }

  /** Forgets the journal, for a run that left everything as it was. */
  async dropJournal(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
    this.journal = [];
    rmSync(`${this.path}.journal`, { force: true });
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
    this.unlock();
  }

  private unlock(): void {
    rmSync(`${this.path}.lock`, { force: true });
  }

  private load(): void {
    const text = readIfThere(this.path);
    if (text !== undefined) this.base = parseDeployment(JSON.parse(text), this.path);
    this.secretsProvider = this.base?.deployment.secrets_providers;
    this.baseDigest = digest(text ?? "");
    const lines = (readIfThere(`${this.path}.journal`) ?? "").split("\n");
    lines.pop(); // empty after a whole line; else a line the writer was killed in, whose step counts as pending
    if (lines.length === 0) return;
    const [head, ...rest] = lines.map((line) => JSON.parse(line) as JournalLine);
    // A run killed before the first whole file was written: only the journal knows the salt.
    this.secretsProvider ??= head?.secretsProvider;
    if (head?.base === this.baseDigest) this.journal = rest.filter((line) => line.saved === undefined);
    else if (rest.at(-1)?.saved !== this.baseDigest) {
      throw new Error(
        `${this.path} was changed by something else while a journal of an interrupted run lies beside it. Nothing was read or ` +
          `written. Either restore the file as that run left it, or, if the file is right as it is, delete ${this.path}.journal.`,
      );
    }
  }

  private async flush(): Promise<void> {
    const text = this.waiting.splice(0).join("");
    this.flushing = undefined;
    this.handle ??= await this.startJournal();
    await this.handle.appendFile(text);
    await this.handle.datasync();
  }

  private async startJournal(): Promise<FileHandle> {
    const handle = await open(`${this.path}.journal`, this.journal.length > 0 ? "a" : "w");
    if (this.journal.length === 0)
      await handle.appendFile(`${JSON.stringify({ base: this.baseDigest, secretsProvider: this.secretsProvider })}\n`);
    return handle;
  }
}

/** Creates the lock file, or takes it over from a process of this machine that is gone. */
function lock(path: string): void {
  const own = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  try {
    writeFileSync(path, own, { flag: "wx" });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const held = readIfThere(path) ?? "";
  const holder = parseHolder(held);
  if (holder === undefined || holder.host !== hostname() || isAlive(holder.pid)) {
    throw new Error(
      `Another engine is using this deployment: ${path} is held by process ${holder?.pid} on ${holder?.host} since ${holder?.since}. ` +
        "Nothing was read or written. Wait for it to end; if you are sure that it is gone, delete the lock file.",
    );
  }
  // Of several processes that see the same stale lock, only one can move it away.
  const aside = `${path}.${process.pid}`;
  renameSync(path, aside);
  const moved = readFileSync(aside, "utf8");
  rmSync(aside);
  if (moved !== held)
    throw new Error(`Another engine has just taken ${path}. Nothing was read or written. Try again when it has ended.`);
  writeFileSync(path, own, { flag: "wx" });
}

function parseHolder(text: string): { pid: number; host: string; since: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
