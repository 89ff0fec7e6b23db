/** A provider process: its start, the calls to it, its errors and its end. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import type { ChildProcess } from "./child.js";
import type { Resource } from "./deployment.js";
import type { Decoded } from "./message.js";
import {
  call,
  channelOptions,
  type DiffResponse,
  ErrorResourceInitFailed,
  type Method,
  providerMethods,
  Status,
} from "./protocol.js";
import { StepError } from "./run.js";
import { urnName } from "./urn.js";
import { contains, isUnknown, markSecrets, type Props, plain, unknown } from "./values.js";

/** The resource exists, but isn't what it should be: it is kept, and the next run updates it. */
class InitFailed extends StepError {
  constructor(
    readonly id: string,
    readonly outputs: Props,
    readonly reasons: string[],
    message: string,
  ) {
    // A provider often gives its message as the one reason, too.
    super([message, ...reasons.filter((reason) => !message.includes(reason))].join("\n  "));
  }
}

/** What a creation or an update led to. With `failure`, the resource exists all the same. */
export interface Answer {
  id: string;
  outputs: Props;
  failure?: InitFailed;
}

/** The calls of the engine to one provider. Secrets go out bare, since dynamic providers don't take them, and are marked by name in the answers. */
export class Provider {
  private readonly client: Client;

  private constructor(
    private readonly child: ChildProcess,
    address: string,
  ) {
    this.client = new Client(address, credentials.createInsecure(), channelOptions);
  }

  /** Waits for the port that the process prints, and configures it. A process that can't be used is ended. */
  static async start(child: ChildProcess, resource: Resource): Promise<Provider> {
    let provider: Provider | undefined;
    try {
      const port = await child.firstLine();
      if (!/^\d+$/.test(port)) {
        throw new StepError(`The provider process printed "${port}" where its port was expected. It was ended.`);
      }
      provider = new Provider(child, `127.0.0.1:${port}`);
      await provider.ask("configuring", resource, providerMethods.configure, {
        id: resource.id ?? "",
        args: resource.inputs ?? {},
        acceptSecrets: true,
        acceptResources: true,
        sendsOldInputs: true,
        sendsOldInputsToDelete: true,
      });
      return provider;
    } catch (error) {
      provider?.client.close();
      await child.stop();
      throw error;
    }
  }

  /** Throws if the inputs are refused. */
  async check(resource: Resource, olds: Props, news: Props): Promise<Props> {
    const request = { olds: plain(olds), news: plain(news), randomSeed: randomBytes(32) };
    const { inputs, failures } = await this.ask("checking", resource, providerMethods.check, request);
    if (failures.length > 0) {
      const reasons = failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
      throw new StepError(
        `${nameOf(resource)} has inputs that its provider refuses; nothing was sent.\n  ${reasons.join("\n  ")}`,
      );
    }
    return markSecrets(inputs ?? {}, news);
  }

  /** Which of `news` differ from the resource `olds`; `old` gives id, former inputs and outputs. */
  diff(old: Resource, news: Props, ignoreChanges: string[]): Promise<Decoded<typeof DiffResponse>> {
    return this.ask("comparing", old, providerMethods.diff, { ...recorded(old), news: plain(news), ignoreChanges });
  }

  async create(resource: Resource): Promise<Answer> {
    const request = { properties: plain(resource.inputs ?? {}), timeout: resource.customTimeouts?.create ?? 0 };
    const answer = await this.outcome(resource, this.ask("creating", resource, providerMethods.create, request));
    if (answer.id !== "") return answer;
    throw new StepError(
      `The provider created ${nameOf(resource)} but gave no id for it, so it can't be kept in the state.`,
    );
  }

  /** `old` as it is recorded, `resource` as it shall be. */
  update(old: Resource, resource: Resource): Promise<Answer> {
    const { inputs = {}, customTimeouts, ignoreChanges = [] } = resource;
    const request = { ...recorded(old), news: plain(inputs), timeout: customTimeouts?.update ?? 0, ignoreChanges };
    return this.outcome(old, this.ask("updating", resource, providerMethods.update, request), inputs);
  }

  /** The resource as it is now; `undefined` if it is gone. `inputs` only if the provider gave them. */
  async read(old: Resource): Promise<{ id: string; outputs: Props; inputs?: Props } | undefined> {
    const { id = "", inputs = {}, outputs } = old;
    const request = { id, inputs: old.inputs && plain(inputs), properties: outputs && plain(outputs) };
    const answer = await this.ask("reading", old, providerMethods.read, request);
    if (answer.id === "" || answer.properties === undefined) return undefined;
    const found = { id: answer.id, outputs: this.outputs(old, answer.properties, outputs ?? inputs) };
    return answer.inputs ? { ...found, inputs: markSecrets(answer.inputs, inputs) } : found;
  }

  async delete(resource: Resource): Promise<void> {
    const { id = "", inputs = {}, outputs = {}, customTimeouts } = resource;
    const timeout = customTimeouts?.delete ?? 0;
    const request = { id, properties: plain(outputs), oldInputs: plain(inputs), timeout };
    await this.ask("deleting", resource, providerMethods.delete, request);
  }

  /** Tells the process that the user wants to stop. */
  async cancel(): Promise<void> {
    const asked = call(this.client, providerMethods.cancel, {}).catch(() => {}); // it may be gone already
    await Promise.race([asked, delay(1000, undefined, { ref: false })]);
  }

  async stop(): Promise<void> {
    await this.cancel();
    this.client.close();
    await this.child.stop();
  }

  /** What became of a change; the id is of the resource, unless the answer gives one. */
  private async outcome(
    resource: Resource,
    asked: Promise<{ id?: string; properties?: Props | undefined }>,
    sent: Props = resource.inputs ?? {},
  ): Promise<Answer> {
    try {
      const { id = resource.id ?? "", properties } = await asked;
      return { id, outputs: this.outputs(resource, properties, sent) };
    } catch (failure) {
      if (failure instanceof InitFailed) return { id: failure.id, outputs: failure.outputs, failure };
      throw failure;
    }
  }

  private outputs(resource: Resource, answer: Props = {}, sent: Props): Props {
    if (!contains(answer, isUnknown)) return markSecrets(answer, sent);
    throw new StepError(
      `The provider answered with a value of ${nameOf(resource)} that is not known yet (${unknown}). This is an error of the provider.`,
    );
  }

  /** One call about a resource. Turns what can go wrong in it into an error a user understands. */
  private async ask<Request, Response>(
    doing: string,
    resource: Resource,
    method: Method<Request, Response>,
    request: Partial<Request>,
  ): Promise<Response> {
    const { urn, type } = resource;
    try {
      const answer = await call(this.client, method, { ...request, urn, type, name: urnName(urn) } as Partial<Request>);
      // What the process printed before it answered is waiting in its pipe; pass it on before the answer has its effect.
      // Two turns: this turn's list of ready pipes may be older than the answer, which was read with another one's.
      await setImmediate();
      await setImmediate();
      return answer;
    } catch (error) {
      const { code, details, metadata } = error as ServiceError;
      if (code === status.UNAVAILABLE || code === status.CANCELLED) {
        throw new StepError(
          `The provider process (${this.child.pid}) ${await this.child.describeEnd()} while it was ${doing} ${nameOf(resource)}. ` +
            "Whether the change took place is not known, and nothing of it was recorded. Look at the real resource, then run again.",
        );
      }
      const message = `${doing} ${nameOf(resource)} failed: ${details}`;
      const failure = initFailure(metadata?.get("grpc-status-details-bin")[0]);
      if (!failure) throw new StepError(message);
      const { id, properties = {}, reasons } = failure;
      throw new InitFailed(id, markSecrets(properties, resource.inputs ?? {}), reasons, message);
    }
  }
}

/** A resource as the state has it. */
const recorded = ({ id = "", inputs = {}, outputs = {} }: Resource) => ({
  id,
  oldInputs: plain(inputs),
  olds: plain(outputs),
});
const nameOf = ({ urn, type }: Resource) => `"${urnName(urn)}" (${type})`;

/** What grpc carries beside the status, if it tells of a failed initialisation. */
function initFailure(details: unknown): Decoded<typeof ErrorResourceInitFailed> | undefined {
  if (!Buffer.isBuffer(details)) return undefined;
  const detail = Status.decode(details).details.find(({ typeUrl }) => typeUrl.endsWith(".ErrorResourceInitFailed"));
  return detail?.value && ErrorResourceInitFailed.decode(detail.value);
}
