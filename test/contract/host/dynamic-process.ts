// Pulumi's own dynamic-provider process, started as its engine starts it, and asked over gRPC with the protos it ships.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Client } from "@grpc/grpc-js";
import type { JsonObject } from "../../../provider/core/values";

const require = createRequire(__filename);
const repository = resolve(__dirname, "../../..");

/** The newest supported SDK, and the oldest. */
export const sdks = ["@pulumi/pulumi", "pulumi-oldest"] as const;

/** Only what the tests use of the generated messages. */
interface Message {
  toObject(): object;
  serializeBinary(): Uint8Array;
  [method: string]: (...args: unknown[]) => unknown;
}

export interface CallError extends Error {
  details: string;
  metadata: { get(key: string): Buffer[] };
}

export interface InitFailed {
  id: string;
  properties: JsonObject;
  reasons: string[];
}

export class DynamicProcess {
  /** What the engine would show the user. */
  stdout = "";
  stderr = "";

  child!: ChildProcess;
  private client!: Client &
    Record<string, (request: Message, done: (error: CallError | null, answer: Message) => void) => void>;
  private proto!: Record<string, new () => Message>;
  private struct!: { fromJavaScript(value: object): Message };

  private constructor(
    readonly sdk: string,
    readonly folder: string,
    private readonly engine: Server,
    private readonly engineSockets: Set<Socket>,
    /** Settles when the process has looked for the engine for the first time. */
    readonly engineAsked: Promise<void>,
    private readonly execArgv: readonly string[],
  ) {}

  /** Starts the process in an empty program folder in which this package is installed. */
  static async start(sdk: string, execArgv: readonly string[] = []): Promise<DynamicProcess> {
    if (!existsSync(join(repository, "dist/hosts/dynamic"))) throw new Error("run `npm run build` first");
    const folder = mkdtempSync(join(tmpdir(), "journeys-host-"));
    mkdirSync(join(folder, "node_modules/@pulumi"), { recursive: true });
    symlinkSync(repository, join(folder, "node_modules/pulumi-journeys"));
    symlinkSync(join(repository, "node_modules", sdk), join(folder, "node_modules/@pulumi/pulumi"));
    const sockets = new Set<Socket>();
    let asked = () => {};
    const engineAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const engine = createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      asked();
    }).listen(0, "127.0.0.1");
    await once(engine, "listening");
    const made = new DynamicProcess(sdk, folder, engine, sockets, engineAsked, execArgv);
    await made.spawn();
    return made;
  }

  /** The next operation: a new process in the same program folder. */
  async restart(): Promise<void> {
    await this.end();
    this.stdout = "";
    await this.spawn();
  }

  private async spawn(): Promise<void> {
    const address = `127.0.0.1:${(this.engine.address() as AddressInfo).port}`;
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const main = join(repository, "node_modules", this.sdk, "cmd/dynamic-provider/index.js");
    this.child = spawn(process.execPath, [...this.execArgv, main, address], {
      cwd: this.folder,
      env: { PATH, NODE_COMPILE_CACHE, PULUMI_NODEJS_PROJECT: "shop", PULUMI_NODEJS_STACK: "dev" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    await this.connect();
  }

  private async connect(): Promise<void> {
    this.child.stderr!.on("data", (text) => (this.stderr += text));
    const port = await new Promise<string>((done, failed) => {
      this.child.once("exit", () => failed(new Error(`the process ended: ${this.stderr}`)));
      let text = "";
      const listen = (chunk: Buffer) => {
        text += chunk;
        if (!text.includes("\n")) return;
        this.child.stdout!.off("data", listen);
        this.child.stdout!.on("data", (more) => (this.stdout += more));
        done(text.trim());
      };
      this.child.stdout!.on("data", listen);
    });
    const from = createRequire(require.resolve(`${this.sdk}/package.json`));
    const grpc = from("@grpc/grpc-js");
    const { ResourceProviderClient } = from("./proto/provider_grpc_pb");
    this.proto = from("./proto/provider_pb");
    this.struct = from("google-protobuf/google/protobuf/struct_pb").Struct;
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  async close(): Promise<void> {
    await this.end();
    this.loseEngine();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    this.client?.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  /** As if the engine had been killed. */
  loseEngine(): void {
    this.engine.close();
    for (const socket of this.engineSockets) socket.destroy();
  }

  /** The whole stack configuration; a secret one comes wrapped, as from the engine. */
  async configure(config: Record<string, string>, secret: Record<string, string> = {}): Promise<void> {
    const wrapped = Object.entries(secret).map(([key, value]) => [
      key,
      { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value },
    ]);
    await this.call("configure", "ConfigureRequest", { Args: { ...config, ...Object.fromEntries(wrapped) } });
  }

  async check(olds: JsonObject, news: JsonObject): Promise<{ inputs: JsonObject; failures: object[] }> {
    const answer = await this.call("check", "CheckRequest", { Olds: olds, News: news });
    return { inputs: read(answer, "getInputs"), failures: list(answer, "getFailuresList") };
  }

  async diff(id: string, olds: JsonObject, news: JsonObject): Promise<{ changes: number; replaces: string[] }> {
    const answer = await this.call("diff", "DiffRequest", { Id: id, Olds: olds, News: news });
    return { changes: answer.getChanges!() as number, replaces: answer.getReplacesList!() as string[] };
  }

  async create(properties: JsonObject): Promise<{ id: string; properties: JsonObject }> {
    const answer = await this.call("create", "CreateRequest", { Properties: properties });
    return { id: answer.getId!() as string, properties: read(answer, "getProperties") };
  }

  async update(id: string, olds: JsonObject, news: JsonObject): Promise<JsonObject> {
    return read(await this.call("update", "UpdateRequest", { Id: id, Olds: olds, News: news }), "getProperties");
  }

  async read(id: string, properties: JsonObject): Promise<{ id: string; properties: JsonObject; inputs: JsonObject }> {
    const answer = await this.call("read", "ReadRequest", { Id: id, Properties: properties });
    return {
      id: answer.getId!() as string,
      properties: read(answer, "getProperties"),
      inputs: read(answer, "getInputs"),
    };
  }

  async delete(id: string, properties: JsonObject): Promise<void> {
    await this.call("delete", "DeleteRequest", { Id: id, Properties: properties });
  }

  /** What the engine saves of a call that failed half way. */
  initFailed(error: CallError): InitFailed {
    const from = createRequire(require.resolve(`${this.sdk}/package.json`));
    const { Status } = from("./proto/status_pb");
    const status = Status.deserializeBinary(error.metadata.get("grpc-status-details-bin")[0]);
    const [detail] = status.getDetailsList();
    const Detail = this.proto.ErrorResourceInitFailed as unknown as { deserializeBinary(bytes: Uint8Array): Message };
    const failed = Detail.deserializeBinary(detail.getValue_asU8());
    return {
      id: failed.getId!() as string,
      properties: read(failed, "getProperties"),
      reasons: failed.getReasonsList!() as string[],
    };
  }

  private call(method: string, type: string, fields: Record<string, unknown>): Promise<Message> {
    const request = new this.proto[type]!();
    for (const [name, value] of Object.entries(fields)) {
      request[`set${name}`]!(typeof value === "object" ? this.struct.fromJavaScript(value as object) : value);
    }
    return new Promise((done, failed) => {
      this.client[method]!(request, (error, answer) => (error ? failed(error) : done(answer)));
    });
  }
}

function read(message: Message, getter: string): JsonObject {
  const struct = message[getter]!() as { toJavaScript(): JsonObject } | undefined;
  return struct?.toJavaScript() ?? {};
}

function list(message: Message, getter: string): object[] {
  return (message[getter]!() as Message[]).map((member) => member.toObject());
}
