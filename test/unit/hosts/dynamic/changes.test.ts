import { describe, expect, test } from "vitest";
import { JourneysError } from "../../../../provider/core/errors";
import { passedOnly } from "../../../../provider/core/passed";
import { InitFailure } from "../../../../provider/hosts/dynamic/failure";
import { pureJson } from "../../../../provider/hosts/dynamic/result";
import { configured, kept, MARKER, Platform, sent, URN } from "./note";

const secretSign = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const startFailed = () => new JourneysError({ code: "refused", what: "start was refused", now: "it is a draft" });
const thrown = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe("create, update, read, delete", () => {
  test("the whole life of a resource", async () => {
    const { provider, platform } = await configured();
    const inputs = sent({ text: "hello" });
    const created = await provider.create(inputs);
    expect(created).toEqual({
      id: "n1",
      outs: {
        noteId: "n1",
        echo: { text: "hello" },
        token: { ...secretSign, value: "token-of-n1" },
        ...passedOnly(inputs),
      },
    });
    const read = await provider.read("n1", kept(created.outs));
    expect(read).toEqual({ id: "n1", props: created.outs, inputs: { text: "hello", ...passedOnly(inputs) } });

    const edited = sent({ text: "bye" });
    const updated = await provider.update("n1", kept(created.outs), edited);
    expect(updated.outs).toEqual({ ...created.outs, echo: { text: "bye" } });

    await provider.delete("n1", kept(updated.outs));
    expect(await provider.read("n1", kept(updated.outs))).toEqual({});
    expect(platform.calls).toEqual(["create", "read", "update", "delete", "read"]);
  });

  test("the resource is told who it is, and sees nothing of what was passed", async () => {
    const { provider, platform } = await configured();
    const { outs } = await provider.create(sent({ text: "a", hidden: "b" }, { secretPaths: ["hidden"] }));
    expect(platform.contexts[0]).toMatchObject({
      urn: URN,
      name: "first",
      secretPaths: [["hidden"]],
      portableDigest: "d1",
    });
    expect(platform.contexts[0]!.signal?.aborted).toBe(false);
    expect(platform.notes.get("n1")).toEqual({ text: "a", hidden: "b" });
    await provider.delete("n1", kept(outs));
    expect(platform.contexts[1]).toMatchObject({ urn: URN, secretPaths: [["hidden"]] });
  });

  test("drift comes back as inputs", async () => {
    const { provider, platform } = await configured();
    const { outs } = await provider.create(sent({ text: "hello" }));
    platform.notes.set("n1", { text: "edited" });
    const read = await provider.read("n1", kept(outs));
    expect(read.inputs).toMatchObject({ text: "edited" });
    expect(read.props).toMatchObject({ drift: "edited" });
  });

  test("what repeats a secret input is marked", async () => {
    const { provider } = await configured();
    const { outs } = await provider.create(sent({ text: "a", hidden: "b" }, { secretPaths: ["hidden"] }));
    expect(outs.echo).toEqual({ ...secretSign, value: { text: "a", hidden: "b" } });
    expect((await provider.read("n1", kept(outs))).props?.echo).toEqual(outs.echo);
  });

  test("objects are claimed for the process", async () => {
    const { provider, host } = await configured();
    const { outs } = await provider.create(sent({ text: "a" }));
    const other = URN.replace("first", "other");
    expect(host.runtime.run.heldByOther("test-note", "n1", other)).toBe(URN);
    await provider.read("n2", kept(outs)).catch(() => {});
    expect(host.runtime.run.heldByOther("test-note", "n2", other)).toBeUndefined();
  });
});

describe("failures", () => {
  test("half-done: id, everything known, the provider's text, and the reason", async () => {
    const platform = new Platform();
    platform.halfDone = startFailed();
    const { provider } = await configured(platform);
    const inputs = sent({ text: "hello" });
    const text = 'refused: note "hello": start was refused\n  now:   it is a draft';
    const created = (await thrown(provider.create(inputs))) as InitFailure;
    expect(created).toBeInstanceOf(InitFailure);
    expect({ ...created, message: created.message }).toMatchObject({ id: "n1", reasons: [text], message: text });
    expect(created.properties).toMatchObject({
      noteId: "n1",
      echo: { text: "hello" },
      __provider: MARKER,
      __ownUrn: URN,
    });
    const updated = (await thrown(
      provider.update("n1", kept(created.properties), sent({ text: "bye" })),
    )) as InitFailure;
    expect(updated.id).toBe("n1");
    expect(updated.properties).toMatchObject({ echo: { text: "bye" }, __provider: MARKER });
    await expect(provider.read("n1", kept(created.properties))).rejects.toThrow(/^refused: note "hello"/);
  });

  test("a value that is no JSON costs neither the id nor the rest", async () => {
    const platform = new Platform();
    platform.odd = { when: new Date(0), list: [1, undefined, new Map()] };
    const { provider } = await configured(platform);
    const failure = (await thrown(provider.create(sent({ text: "hello" })))) as InitFailure;
    expect(failure).toMatchObject({ id: "n1", properties: { noteId: "n1", odd: { list: [1, null, null] } } });
    expect(failure.message).toContain("odd.when (Date), odd.list[1] (undefined), odd.list[2] (Map)");
  });

  test("any other error is one text without stack or secret", async () => {
    const platform = new Platform();
    platform.fails = () => {
      throw new TypeError("can't read hunter22");
    };
    const { provider } = await configured(platform);
    const inputs = sent({ text: "a", hidden: "hunter22" }, { secretPaths: ["hidden"] });
    const outs = { echo: { text: "a", hidden: "hunter22" }, ...passedOnly(inputs) };
    for (const call of [
      () => provider.create(inputs),
      () => provider.update("n1", outs, inputs),
      () => provider.read("n1", outs),
      () => provider.delete("n1", outs),
    ]) {
      const error = (await thrown(call())) as Error & { id?: string };
      expect(error.message).toMatch(/^note "a": a fault in pulumi-journeys: TypeError: can't read \[secret\]\n/);
      expect(`${error}: ${error.stack}`).toBe('note "a": a fault, see the error of this resource');
      expect(error.id).toBeUndefined();
    }
  });

  test("what is said during a call names the resource and hides secrets", async () => {
    const { provider, platform, printed } = await configured();
    await provider.create(sent({ text: "a", hidden: "hunter22" }, { secretPaths: ["hidden"] }));
    platform.contexts[0]!.log("info", "sending hunter22");
    platform.contexts[0]!.log("warning", "slow");
    expect(printed).toEqual(['note "a": sending [secret]\n', 'note "a": warning: slow\n']);
  });
});

describe("pureJson", () => {
  test("drops what is undefined and keeps JSON as it is", () => {
    const value = { a: undefined, b: null, c: [1, "x", { d: false, e: undefined }], f: {} };
    expect(pureJson(value)).toEqual({ json: { b: null, c: [1, "x", { d: false }], f: {} }, odd: [] });
  });

  test.each([
    ["NaN", Number.NaN, "number"],
    ["a function", () => 1, "function"],
    ["a big integer", 1n, "bigint"],
    ["a symbol", Symbol("x"), "symbol"],
    ["a set", new Set(), "Set"],
    ["bytes", Buffer.from("x"), "Buffer"],
  ])("names %s", (_, value, kind) => {
    expect(pureJson({ here: value }).odd).toEqual([{ path: ["here"], kind }]);
  });
});
