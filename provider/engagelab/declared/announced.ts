/**
 * Whom a program declares, told by the program itself. A resource that waits for another one is checked only after that
 * one is done; were it for Checks alone, people who move to it would be deleted before anybody knew. So the program notes
 * whom it declares as soon as it knows, in a file of this run that only this user can read, and a delete looks there
 * first. It holds digests made with the API key, and names of sources; no address.
 */
import { createHmac } from "node:crypto";
import { appendFileSync, closeSync, constants, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../core/values";
import { identityOf } from "../contact/address";

export interface Announcement {
  urn: string;
  /** Digests of addresses. */
  people?: readonly string[];
  /** Or where they are read from, as a set's `source` says. */
  source?: JsonObject;
}

/** Stands for an address where one must not be. Made with the API key: without it nobody can try addresses on it. */
export function personDigest(key: string, email: string): string {
  return createHmac("sha256", key).update(identityOf(email)).digest("hex");
}

/** The file of a run, which program and provider both know by the engine's address. */
function fileOf(engineAddress: string): string | undefined {
  const port = /:(\d+)$/.exec(engineAddress)?.[1];
  return port && join(tmpdir(), `pulumi-journeys-${process.getuid?.() ?? ""}-${port}.people`);
}

/** What the program of one run notes. */
export class Announcer {
  readonly #path: string | undefined;
  #isBegun = false;

  constructor(engineAddress: string) {
    this.#path = fileOf(engineAddress);
  }

  tell(announcement: Announcement): void {
    if (this.#path === undefined) return;
    if (!this.#isBegun) begin(this.#path);
    this.#isBegun = true;
    appendFileSync(this.#path, `${JSON.stringify(announcement)}\n`);
  }
}

const begun = new Set<string>();

/** A new file: one that is there is of an earlier run under this address, or somebody else's trap. */
function begin(path: string): void {
  rmSync(path, { force: true });
  closeSync(openSync(path, "wx", 0o600));
  if (begun.size === 0) process.once("exit", () => begun.forEach((each) => void rmSync(each, { force: true })));
  begun.add(path);
}

/** What the program of a run has noted; nothing where there is no such program, as in a destroy. */
export class Announcements {
  readonly #path: string | undefined;
  #read = 0;

  constructor(engineAddress: string | undefined) {
    this.#path = engineAddress === undefined ? undefined : fileOf(engineAddress);
  }

  /** What was noted since the last time. */
  fresh(): Announcement[] {
    const text = this.#path === undefined ? "" : textAfter(this.#path, this.#read);
    // The last line may be under way.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.#read += Buffer.byteLength(whole);
    const lines = whole.split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Announcement);
  }
}

/** The end of a file, if it is this user's own and no link. */
function textAfter(path: string, offset: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const { uid, size } = fstatSync(file);
    if (uid !== (process.getuid?.() ?? 0) || size <= offset) return "";
    const bytes = Buffer.alloc(size - offset);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset)).toString();
  } catch {
    return "";
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
