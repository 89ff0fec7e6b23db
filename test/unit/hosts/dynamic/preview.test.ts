import { describe, expect, test } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import { UNKNOWN } from "../../../../provider/core/values";
import { configured, kept, noteHost, Platform, sent, URN } from "./note";

const refusal = () => new JourneysError({ code: "consent-needed", what: "no", paths: [["text"]], next: "set `mood`" });

async function saved(declared: object, options = {}) {
  const made = await configured();
  const { outs } = await made.provider.create(sent(declared, options));
  return { ...made, outs: kept(outs) };
}

describe("check", () => {
  test("a new resource shows its plan once a process", async () => {
    const { provider, printed } = await configured();
    const news = sent({ text: "hello" });
    expect(await provider.check({}, news)).toEqual({ inputs: news, failures: [] });
    await provider.check({}, news);
    expect(printed).toEqual(['create note "hello"\n  1. create\n']);
  });

  test("names every wrong input, prints and sends nothing", async () => {
    const { provider, printed, platform } = await configured();
    const { failures } = await provider.check({}, sent({ text: 5, mod: "good", mood: "god" }));
    expect(failures).toEqual([
      { property: "text", reason: "must be text, not 5" },
      { property: "mood", reason: 'must be "good" or "bad", not "god"; did you mean "good"?' },
      { property: "mod", reason: 'is not known here; did you mean "mood"?' },
    ]);
    const ruled = await provider.check({}, sent({ text: "forbidden" }));
    expect(ruled.failures).toEqual([{ property: "text", reason: "may not be forbidden" }]);
    expect(printed).toEqual([]);
    expect(platform.calls).toEqual([]);
  });

  test("a refusal of a new resource is a failure at its path", async () => {
    const { provider, printed, platform } = await configured();
    platform.refusal = refusal();
    const { failures } = await provider.check({}, sent({ text: "hello" }));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ property: "text" });
    expect(failures[0]!.reason).toMatch(/^consent-needed: note "hello": no\n/);
    expect(printed).toEqual([]);
  });

  test("of an existing resource neither plans nor prints", async () => {
    const { provider, printed, platform } = await configured();
    platform.refusal = refusal();
    const news = sent({ text: "hello" });
    expect((await provider.check(news, news)).failures).toEqual([]);
    expect(printed).toEqual([]);
  });

  test("values a preview doesn't know are no error", async () => {
    const { provider } = await configured();
    const news = sent({ text: UNKNOWN, mood: UNKNOWN });
    expect((await provider.check({}, news)).failures).toEqual([]);
  });

  test("secret values are in no failure", async () => {
    const { provider } = await configured();
    const { failures } = await provider.check({}, sent({ text: "x", mood: "hunter22" }, { secretPaths: ["mood"] }));
    expect(JSON.stringify(failures)).not.toContain("hunter22");
    expect(failures[0]!.reason).toContain("[secret]");
  });
});

describe("diff", () => {
  test("nothing changed: no, and nothing printed", async () => {
    const { provider, outs, printed } = await saved({ text: "hello" });
    const news = sent({ text: "hello" });
    await provider.check(news, news);
    expect(await provider.diff("n1", outs, news)).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
    expect(printed).toEqual([]);
  });

  test("an unchanged resource with a warning shows it", async () => {
    const { provider, outs, printed, platform } = await saved({ text: "hello" });
    platform.warnings = ["take care"];
    const news = sent({ text: "hello" });
    await provider.check(news, news);
    expect((await provider.diff("n1", outs, news)).changes).toBe(false);
    expect(printed).toEqual(['note "hello": no changes\n  warning: take care\n']);
  });

  test("a changed input is left to the engine's own comparison, which sees the same", async () => {
    const { provider, outs, printed } = await saved({ text: "hello" });
    const news = sent({ text: "bye" });
    await provider.check(outs, news);
    expect(await provider.diff("n1", outs, news)).toMatchObject({ changes: undefined, replaces: [] });
    await provider.diff("n1", outs, news);
    expect(printed).toEqual(['update note "bye"\n  ~ text: "hello" → "bye"\n  1. write\n']);
  });

  test("what drifted is a change the engine may not see in its inputs", async () => {
    const { provider, outs } = await saved({ text: "hello" });
    const drifted = { ...outs, drift: "edited" };
    const news = sent({ text: "hello" });
    await provider.check(news, news);
    expect((await provider.diff("n1", drifted, news)).changes).toBe(true);
    const other = sent({ text: "bye" });
    await provider.check(news, other);
    expect((await provider.diff("n1", drifted, other)).changes).toBe(true);
  });

  test("the object is claimed for the process", async () => {
    const { provider, host } = await configured();
    await provider.diff("n7", { echo: { text: "a" } }, sent({ text: "a" }));
    expect(host.runtime.run.heldByOther("test-note", "n7", URN.replace("first", "other"))).toBe(URN);
  });

  test("a replacement names the inputs that force it, and is known to the run", async () => {
    const { provider, outs, host, printed } = await saved({ text: "hello", book: "a" });
    const news = sent({ text: "bye", book: "b" });
    await provider.check(outs, news);
    expect(await provider.diff("n1", outs, news)).toEqual({
      changes: undefined,
      replaces: ["book"],
      deleteBeforeReplace: false,
    });
    expect(host.runtime.run.isReplacing("test-note", "n1")).toBe(true);
    // the second check, of the new copy
    expect((await provider.check({}, news)).failures).toEqual([]);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^replace note/);
  });

  test("a refusal is an error that says what to do; nothing is printed or sent", async () => {
    const { provider, outs, printed, platform } = await saved({ text: "hello" });
    platform.calls.length = 0;
    platform.refusal = refusal();
    const news = sent({ text: "bye" });
    await provider.check(outs, news);
    const error = await provider.diff("n1", outs, news).catch((thrown: Error) => thrown);
    expect((error as Error).message).toBe('consent-needed: note "bye": no\n  where: text\n  next:  set `mood`');
    expect(`${error}: ${(error as Error).stack}`).toBe('note "bye": consent-needed, see the error of this resource');
    expect(printed).toEqual([]);
    expect(platform.calls).toEqual([]);
  });

  test("a refresh, which asks without a check, gets a verdict: no refusal, no block, no replacement noted", async () => {
    const { provider, outs, printed, platform, host } = await saved({ text: "hello", book: "a" });
    const other = sent({ text: "edited", book: "b" });
    expect(await provider.diff("n1", outs, other)).toEqual({
      changes: true,
      replaces: ["book"],
      deleteBeforeReplace: false,
    });
    expect(await provider.diff("n1", outs, sent({ text: "hello", book: "a" }))).toMatchObject({ changes: false });
    platform.refusal = refusal();
    expect(await provider.diff("n1", outs, other)).toMatchObject({ changes: true });
    expect(await provider.diff("n1", outs, sent({ text: "hello", book: "a" }))).toMatchObject({ changes: false });
    expect(printed).toEqual([]);
    expect(host.runtime.run.isReplacing("test-note", "n1")).toBe(false);
  });

  test("a refresh in the same process does not spend the block of the plan", async () => {
    const { provider, outs, printed } = await saved({ text: "hello" });
    const news = sent({ text: "bye" });
    await provider.diff("n1", outs, news);
    await provider.check(outs, news);
    await provider.diff("n1", outs, news);
    expect(printed).toHaveLength(1);
  });

  test("what was passed is no change; a rename by alias is known to the run", async () => {
    const { provider, outs, host } = await saved({ text: "hello" });
    const renamed = URN.replace("first", "second");
    const news = { ...sent({ text: "hello" }, { urn: renamed }), __portableDigest: "d2" };
    await provider.check(outs, news);
    expect((await provider.diff("n1", outs, news)).changes).toBe(false);
    const { run } = host.runtime;
    expect(run.heldByOther("test-note", "n1", URN)).toBeUndefined();
    expect(run.heldByOther("test-note", "n1", URN.replace("first", "third"))).toBeDefined();
  });

  test("an input that became secret is a change, though its value is the same", async () => {
    const { provider, outs, printed } = await saved({ text: "hello", hidden: "hunter22" });
    const news = sent({ text: "hello", hidden: "hunter22" }, { secretPaths: ["hidden"] });
    await provider.check(outs, news);
    expect((await provider.diff("n1", outs, news)).changes).toBe(true);
    expect(printed.join("")).toBe('update note "hello"\n  1. mark outputs that repeat a secret input as secret\n');
  });

  test("an unknown is a change and no error", async () => {
    const { provider, outs, printed } = await saved({ text: "hello" });
    const news = sent({ text: UNKNOWN });
    await provider.check(outs, news);
    expect((await provider.diff("n1", outs, news)).changes).toBeUndefined();
    expect(printed.join("")).toContain('~ text: "hello" → (known after apply)');
  });

  test("secret values are masked in the block, old ones too", async () => {
    const { provider, outs, printed, platform } = await saved(
      { text: "a", hidden: "swordfish" },
      { secretPaths: ["hidden"] },
    );
    platform.warnings = ["swordfish becomes hunter22"];
    const news = sent({ text: "a", hidden: "hunter22" }, { secretPaths: ["hidden"] });
    await provider.check(outs, news);
    await provider.diff("n1", outs, news);
    expect(printed.join("")).toBe(
      'update note "a"\n  ~ hidden: "[secret]" → "[secret]"\n  1. write\n  warning: [secret] becomes [secret]\n',
    );
  });

  test("a value that is no secret any more stays masked while the state holds it as one", async () => {
    const { provider, outs, printed } = await saved({ text: "a", hidden: "swordfish" }, { secretPaths: ["hidden"] });
    const news = sent({ text: "a" });
    await provider.check(outs, news);
    await provider.diff("n1", outs, news);
    expect(printed.join("")).toBe('update note "a"\n  - hidden: "[secret]"\n  1. write\n');
  });

  test("a state this release can't read is an error in words", async () => {
    const { provider } = await configured(new Platform());
    await expect(provider.diff("n1", { stateVersion: 0 }, sent({ text: "a" }))).rejects.toThrow(
      /^first: a fault in pulumi-journeys: Error: state of no release\n/,
    );
  });

  test("a state of a newer release is not guessed at, by any method", async () => {
    const { provider, platform, outs, printed } = await saved({ text: "a" });
    platform.calls.length = 0;
    printed.length = 0;
    const newer = { ...outs, stateVersion: 2 };
    const news = sent({ text: "b" });
    for (const call of [
      () => provider.diff("n1", newer, news),
      () => provider.update("n1", newer, news),
      () => provider.read("n1", newer),
      () => provider.delete("n1", newer),
    ]) {
      await expect(call()).rejects.toThrow(
        /^newer-state: first: its saved state has version 2; .* up to 1\n {2}now: {3}nothing was sent[^\n]*\n {2}next: {2}install/,
      );
    }
    expect(platform.calls).toEqual([]);
    expect(printed).toEqual([]);
  });
});

describe("configure", () => {
  test("is taken at once: calls that don't wait for it are configured", async () => {
    const { provider } = noteHost();
    const configuring = provider.configure({ config: { get: () => undefined } });
    const created = provider.create(sent({ text: "hello" }));
    await expect(created).resolves.toMatchObject({ id: "n1" });
    await configuring;
  });

  test("one that failed fails every call", async () => {
    const { provider, platform } = noteHost();
    const cwd = process.cwd;
    process.cwd = () => {
      throw new Error("the program's folder is gone");
    };
    try {
      await provider.configure({ config: { get: () => undefined } });
    } finally {
      process.cwd = cwd;
    }
    for (const call of [
      () => provider.create(sent({ text: "a" })),
      () => provider.create(sent({ text: "a" })),
      () => provider.check({}, sent({ text: "a" })),
      () => provider.diff("n1", {}, sent({ text: "a" })),
      () => provider.read("n1", sent({})),
      () => provider.update("n1", {}, sent({ text: "a" })),
      () => provider.delete("n1", sent({})),
    ]) {
      await expect(call()).rejects.toThrow("the program's folder is gone");
    }
    expect(platform.calls).toEqual([]);
  });

  test("without one every call says so", async () => {
    const { provider } = noteHost();
    await expect(provider.create(sent({ text: "a" }))).rejects.toThrow(/^missing-configuration: first: /);
  });
});
