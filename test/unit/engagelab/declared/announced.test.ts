import { appendFileSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Announcements, Announcer, personDigest } from "../../../../provider/engagelab/declared/announced";

const port = 60_000 + (process.pid % 5_000);
const address = `dns:127.0.0.1:${port}`;
const path = join(tmpdir(), `pulumi-journeys-${process.getuid?.() ?? ""}-${port}.people`);
const elsewhere = `${path}.elsewhere`;
const clear = () => {
  for (const each of [path, elsewhere]) rmSync(each, { force: true });
};
beforeEach(clear);
afterEach(clear);

test("what a program notes is what the provider of its run reads, and nobody else's to read", () => {
  const heard = new Announcements(`127.0.0.1:${port}`);
  expect(heard.fresh()).toEqual([]);
  const announcer = new Announcer(address);
  expect(existsSync(path)).toBe(false);
  const people = [personDigest("key", "Ada@Example.com")];
  announcer.tell({ urn: "one", people });
  announcer.tell({ urn: "two", source: { file: "people.csv" } });
  expect(heard.fresh()).toEqual([
    { urn: "one", people },
    { urn: "two", source: { file: "people.csv" } },
  ]);
  expect(people).toEqual([personDigest("key", " ada@example.com")]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).not.toMatch(/ada/i);
  expect(heard.fresh()).toEqual([]);
  announcer.tell({ urn: "three", people });
  expect(heard.fresh()).toEqual([{ urn: "three", people }]);
  expect(new Announcements(undefined).fresh()).toEqual([]);
});

test("a later run under the same address begins anew; a line that is being written waits", () => {
  new Announcer(address).tell({ urn: "before" });
  const announcer = new Announcer(address);
  announcer.tell({ urn: "now" });
  appendFileSync(path, '{"urn":"half');
  const heard = new Announcements(address);
  expect(heard.fresh()).toEqual([{ urn: "now" }]);
  appendFileSync(path, '-é"}\n');
  expect(heard.fresh()).toEqual([{ urn: "half-é" }]);
  expect(heard.fresh()).toEqual([]);
});

test("a link that lies in wait is neither followed by a program nor by a provider", () => {
  writeFileSync(elsewhere, '{"urn":"trap"}\n');
  symlinkSync(elsewhere, path);
  expect(new Announcements(address).fresh()).toEqual([]);
  new Announcer(address).tell({ urn: "one" });
  expect(readFileSync(elsewhere, "utf8")).toBe('{"urn":"trap"}\n');
  expect(new Announcements(address).fresh()).toEqual([{ urn: "one" }]);
});
