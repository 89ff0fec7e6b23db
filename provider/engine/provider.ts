/** A provider process: its start, the calls to it, its errors and its end. */
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import type { ChildProcess } from "./child.js";
import type { Resource } from "./deployment.js";
import type { Decoded } from "./message.js";
import {
  call,
  channelOptions,
  type DiffResponse,
  ErrorResourceInitFailed,
  providerMethods,
  Status,
} from "./protocol.js";
import { StepError } from "./run.js";
import { urnName } from "./urn.js";
import { contains, isUnknown, markSecrets, type Props, plain, unknown } from "./values.js";

export type Diff = Decoded<typeof DiffResponse>;

/** The resource exists, but isn't what it should be: it is kept, and the next run updates it. */
class InitFailed extends StepError {
  constructor(
    readonly id: string,
    readonly properties: Props,
    readonly reasons: string[],
    message: string,
  ) {
    // A provider often gives its message as the one reason, too.
    super([message, ...reasons.filter((reason) => !message.includes(reason))].join("\n  "));
  }

  get answer(): Answer {
    return { id: this.id, outputs: this.properties, failure: this };
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

  /** Waits for the port that the process prints, and configures it. */
  static async start(child: ChildProcess, resource: Resource): Promise<Provider> {
    const port = await child.firstLine();
    if (!/^\d+$/.test(port)) {
      await child.stop();
      throw new StepError(
        `The provider process did not start as it should: it printed "${port}" where its port was expected.`,
      );
    }
    const provider = new Provider(child, `127.0.0.1:${port}`);
    try {
      await provider.configure(resource);
    } catch (error) {
      await provider.stop();
      throw error;
    }
    return provider;
  }

  private async configure(resource: Resource): Promise<void> {
    const request = {
      args: resource.inputs ?? {},
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
      ...identity(resource),
      id: resource.id ?? "",
    };
    await this.ask("configuring", resource, () => call(this.client, providerMethods.configure, request));
  }

  /** Throws if the inputs are refused. */
  async check(resource: Resource, olds: Props, news: Props): Promise<Props> {
    const answer = await this.ask("checking", resource, () =>
      call(this.client, providerMethods.check, {
        ...identity(resource),
        olds: plain(olds),
        news: plain(news),
        randomSeed: randomBytes(32),
      }),
    );
    if (answer.failures.length > 0) {
      const reasons = answer.failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
      throw new StepError(
        `${nameOf(resource)} has inputs that its provider refuses; nothing was sent.\n  ${reasons.join("\n  ")}`,
      );
    }
    return markSecrets(answer.inputs ?? {}, news);
  }

  /** Which of `news` differ from the resource `olds`; `old` gives id, former inputs and outputs. */
  diff(old: Resource, news: Props, ignoreChanges: string[]): Promise<Diff> {
    return this.ask("comparing", old, () =>
      call(this.client, providerMethods.diff, {
        ...recorded(old),
        news: plain(news),
        ignoreChanges,
      }),
    );
  }

  async create(resource: Resource): Promise<Answer> {
    const inputs = resource.inputs ?? {};
    const request = { ...identity(resource), properties: plain(inputs), timeout: resource.customTimeouts?.create ?? 0 };
    const send = () => call(this.client, providerMethods.create, request);
    const answer = await this.ask("creating", resource, send).catch(halfDone);
    if (answer instanceof InitFailed) return answer.answer;
    if (answer.id !== "") return { id: answer.id, outputs: this.outputs(resource, answer.properties, inputs) };
    throw new StepError(
      `The provider created ${nameOf(resource)} but gave no id for it, so it can't be kept in the state.`,
    );
  }

  /** `old` as it is recorded, `resource` as it shall be. */
  async update(old: Resource, resource: Resource): Promise<Answer> {
    const { inputs = {}, customTimeouts, ignoreChanges = [] } = resource;
    const timeout = customTimeouts?.update ?? 0;
    const request = { ...recorded(old), ...identity(resource), news: plain(inputs), timeout, ignoreChanges };
    const send = () => call(this.client, providerMethods.update, request);
    const answer = await this.ask("updating", resource, send).catch(halfDone);
    if (answer instanceof InitFailed) return answer.answer;
    return { id: old.id ?? "", outputs: this.outputs(resource, answer.properties, inputs) };
  }

  /** The resource as it is now; `undefined` if it is gone. `inputs` only if the provider gave them. */
  async read(old: Resource): Promise<{ id: string; outputs: Props; inputs?: Props } | undefined> {
    const answer = await this.ask("reading", old, () =>
      call(this.client, providerMethods.read, {
        ...identity(old),
        id: old.id ?? "",
        inputs: old.inputs && plain(old.inputs),
        properties: old.outputs && plain(old.outputs),
      }),
    );
    if (answer.id === "" || answer.properties === undefined) return undefined;
    const outputs = this.outputs(old, answer.properties, old.outputs ?? old.inputs ?? {});
    return {
      id: answer.id,
      outputs,
      ...(answer.inputs ? { inputs: markSecrets(answer.inputs, old.inputs ?? {}) } : {}),
    };
  }

  async delete(resource: Resource): Promise<void> {
    await this.ask("deleting", resource, () =>
      call(this.client, providerMethods.delete, {
        ...identity(resource),
        id: resource.id ?? "",
        properties: plain(resource.outputs ?? {}),
        oldInputs: plain(resource.inputs ?? {}),
        timeout: resource.customTimeouts?.delete ?? 0,
      }),
    );
  }

  /** Tells the process that the user wants to stop. */
  async cancel(): Promise<void> {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 1000).unref());
    const asked = call(this.client, providerMethods.cancel, {}).catch(() => {}); // it may be gone already
    await Promise.race([asked, patience]);
  }

  async stop(): Promise<void> {
    await this.cancel();
    this.client.close();
    await this.child.stop();
  }

  private outputs(resource: Resource, answer: Props | undefined, sent: Props): Props {
    if (contains(answer, isUnknown)) {
      throw new StepError(
        `The provider answered with a value of ${nameOf(resource)} that is not known yet (${unknown}). This is an error of the provider.`,
      );
    }
    return markSecrets(answer ?? {}, sent);
  }

  /** Turns what can go wrong in a call into an error a user understands. */
  private async ask<T>(doing: string, resource: Resource, request: () => Promise<T>): Promise<T> {
    try {
      const answer = await request();
      // What the process printed before it answered is waiting in its pipe; pass it on before the answer has its effect.
      // Two turns: this turn's list of ready pipes may be older than the answer, which was read with another one's.
      await setImmediate();
      await setImmediate();
      return answer;
    } catch (error) {
      const { code, details } = error as ServiceError;
      if (code === status.UNAVAILABLE || code === status.CANCELLED) {
        throw new StepError(
          `The provider process (${this.child.pid}) ${await this.child.describeEnd()} while it was ${doing} ${nameOf(resource)}. ` +
            "Whether the change took place is not known, and nothing of it was recorded. Look at the real resource, then run again.",
        );
      }
      const message = `${doing} ${nameOf(resource)} failed: ${details}`;
      const failure = initFailure(error as ServiceError);
      if (!failure) throw new StepError(message);
      const { id, properties = {}, reasons } = failure;
      throw new InitFailed(id, markSecrets(properties, resource.inputs ?? {}), reasons, message);
    }
  }
}

/** Keeps a failed initialisation, and lets any other error through. */
function halfDone(error: unknown): InitFailed {
  if (error instanceof InitFailed) return error;
  throw error;
}

/** A resource as the state has it. */
const recorded = (old: Resource) => ({
  ...identity(old),
  id: old.id ?? "",
  oldInputs: plain(old.inputs ?? {}),
  olds: plain(old.outputs ?? {}),
});
const identity = ({ urn, type }: Resource) => ({ urn, type, name: urnName(urn) });
const nameOf = ({ urn, type }: Resource) => `"${urnName(urn)}" (${type})`;

/** The detail that grpc carries beside the status, if it is one of a failed initialisation. */
function initFailure(error: ServiceError): Decoded<typeof ErrorResourceInitFailed> | undefined {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(details)) return undefined;
  const detail = Status.decode(details).details.find(({ typeUrl }) =>
    typeUrl.endsWith("pulumirpc.ErrorResourceInitFailed"),
  );
  return detail?.value && ErrorResourceInitFailed.decode(detail.value);
}
