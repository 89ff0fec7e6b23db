// A program folder with a provider package in it, whose resources live in a file: a small world that tests can look at and change.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll } from "vitest";
import { Stack, type StackOptions } from "../../../provider/engine/index.js";

const require = createRequire(__filename);

/** Behaviour is asked for by inputs; the provider logs its calls and keeps its resources in the working directory. */
const provider = `
const fs = require("node:fs");
const load = () => (fs.existsSync("world.json") ? JSON.parse(fs.readFileSync("world.json", "utf8")) : { next: 1, things: {} });
const save = (world) => fs.writeFileSync("world.json", JSON.stringify(world));
const log = (...words) => fs.appendFileSync("calls.log", words.join(" ") + "\\n");
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const settings = new Set(["__provider", "fail", "delay", "replaceOn", "deleteFirst", "guess", "leak"]);
const keys = (...bags) => [...new Set(bags.flatMap(Object.keys))].filter((key) => !settings.has(key));
let config;
module.exports = {
  async configure(request) { config = request.config; },
  async check(olds, news) {
    log("check", news.name, Object.keys(olds).length === 0 ? "new" : "known");
    if (news.fail === "check") return { failures: [{ property: "text", reason: "is not welcome" }] };
    if (news.say) console.log(news.say);
    return { inputs: news };
  },
  async diff(id, olds, news) {
    log("diff", news.name, olds.text, news.text);
    const changed = keys(olds, news).filter((key) => key !== "made" && key !== "seen" && JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    const replaces = changed.filter((key) => key === news.replaceOn);
    if (news.guess) return { replaces };
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: news.deleteFirst === true };
  },
  async create(inputs) {
    log("create", inputs.name);
    await wait(inputs.delay || 0);
    if (inputs.fail === "create") throw new Error("the world is full");
    if (inputs.fail === "die") process.kill(process.pid, "SIGKILL");
    if (inputs.fail === "no id") return { id: "", outs: {} };
    const world = load();
    const id = inputs.name + "-" + world.next++;
    const { __provider, ...thing } = inputs;
    world.things[id] = { ...thing, made: true };
    save(world);
    const outs = { ...inputs, made: true, seen: config.get("ns:greeting") };
    if (outs.seen === undefined) delete outs.seen;
    if (inputs.leak) outs.leak = unknown;
    if (inputs.fail === "init") throw { id, message: "half done", properties: outs, reasons: ["the second half is missing"] };
    log("created", inputs.name);
    return { id, outs };
  },
  async update(id, olds, news) {
    log("update", news.name);
    if (news.fail === "update") throw new Error("the world is frozen");
    const world = load();
    const { __provider, ...thing } = news;
    world.things[id] = { ...thing, made: true };
    save(world);
    if (news.fail === "init") throw { id, message: "half done", properties: { ...news, made: true }, reasons: ["still missing"] };
    return { outs: { ...news, made: true } };
  },
  async read(id, props) {
    log("read", id);
    const thing = load().things[id];
    if (!thing) return {};
    const { made, ...inputs } = thing;
    return { id, props: thing, inputs };
  },
  async delete(id, props) {
    log("delete", id);
    if (props.fail === "delete") throw new Error("the world holds on to it");
    const world = load();
    delete world.things[id];
    save(world);
  },
};
`;

const folders: string[] = [];

/** A new folder with the provider package and a link to the wanted SDK. */
export function makeFolder(sdk: "@pulumi/pulumi" | "pulumi-oldest" = "@pulumi/pulumi"): string {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  folders.push(folder);
  mkdirSync(join(folder, "node_modules", "fixture-provider"), { recursive: true });
  mkdirSync(join(folder, "node_modules", "@pulumi"));
  writeFileSync(join(folder, "node_modules", "fixture-provider", "index.js"), provider);
  symlinkSync(dirname(require.resolve(`${sdk}/package.json`)), join(folder, "node_modules", "@pulumi", "pulumi"));
  symlinkSync(dirname(require.resolve("typescript/package.json")), join(folder, "node_modules", "typescript"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fixture", private: true }));
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const marker = 'exports.handler = () => require("fixture-provider");';
export const thingType = "pulumi-nodejs:dynamic/fixture:Thing";

/** A resource of the fixture's provider. */
export class Thing extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly text: pulumi.Output<string>;
  declare readonly made: pulumi.Output<boolean>;
  constructor(
    name: string,
    inputs: Record<string, unknown> = {},
    options?: pulumi.CustomResourceOptions,
    type = "Thing",
  ) {
    super(
      `pulumi-nodejs:dynamic/fixture:${type}`,
      name,
      { __provider: marker, name, text: undefined, made: undefined, ...inputs },
      options,
    );
  }
}

/** The same class for a program in a folder of its own. */
export const thingSource = `
const pulumi = require("@pulumi/pulumi");
class Thing extends pulumi.CustomResource {
  constructor(name, inputs, options) {
    super("${thingType}", name, { __provider: '${marker}', name, text: undefined, made: undefined, ...inputs }, options);
  }
}
`;

export function writeProgram(folder: string, source: string): void {
  writeFileSync(join(folder, "index.js"), thingSource + source);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\n");
}

interface World {
  next: number;
  things: Record<string, Record<string, unknown>>;
}

export function readWorld(folder: string): World {
  const file = join(folder, "world.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { next: 1, things: {} };
}

/** Changes something behind the provider's back. */
export function editWorld(folder: string, edit: (things: World["things"]) => void): void {
  const world = readWorld(folder);
  edit(world.things);
  writeFileSync(join(folder, "world.json"), JSON.stringify(world));
}

/** The calls since the last look, of the given kinds. */
export function takeCalls(folder: string, ...kinds: string[]): string[] {
  const file = join(folder, "calls.log");
  if (!existsSync(file)) return [];
  const calls = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return calls.filter((call) => kinds.length === 0 || kinds.includes(call.split(" ")[0] ?? ""));
}

export const changing = ["create", "update", "delete"];

/** A stack in memory over a new folder. */
export async function makeStack(
  program: () => unknown,
  options: Partial<StackOptions> = {},
): Promise<{ stack: Stack; folder: string }> {
  const folder = options.folder ?? makeFolder();
  return { stack: await Stack.create({ project: "fixture", program, folder, ...options }), folder };
}
