/** The provider processes of one operation, and their entries in the state. */
import { randomUUID } from "node:crypto";
import { ChildProcess } from "./child.js";
import type { Resource } from "./deployment.js";
import { Provider } from "./provider.js";
import { type Run, StepError } from "./run.js";
import { keepingCompiled, sdkEnvironment, sdkScript } from "./sdk.js";
import { createUrn, dynamicPackage, dynamicProviderType, packageOf, providerUrn, stackType } from "./urn.js";
import { type Props, secret } from "./values.js";

export class Providers {
  private readonly processes = new Map<string, Promise<Provider>>();
  private registration: Promise<Resource> | undefined;
  private prepared: ChildProcess | undefined;

  constructor(
    private readonly run: Run,
    private readonly engineAddress: string,
  ) {}

  /** Starts a process before it is needed. It loads while the program does, which is most of what a short operation takes. */
  prepare(): void {
    this.prepared = this.spawn();
  }

  /** The reference to the default provider of dynamic resources, which is registered at its first use. */
  async reference(): Promise<string> {
    this.registration ??= this.register();
    const { urn, id } = await this.registration;
    return `${urn}::${id}`;
  }

  /** The provider of a resource, started at its first use in the operation from what the state records of it. */
  async of(resource: Resource): Promise<Provider> {
    if (packageOf(resource.type) !== dynamicPackage) {
      throw new StepError(
        `"${resource.urn}" belongs to the package "${packageOf(resource.type)}". The local engine runs dynamic resources only, and nothing was sent; use the Pulumi CLI for it.`,
      );
    }
    const reference = resource.provider ?? "";
    const known = this.processes.get(reference) ?? this.start(resource, reference);
    this.processes.set(reference, known);
    return known;
  }

  async cancel(): Promise<void> {
    await this.each((provider) => provider.cancel());
  }

  async stop(): Promise<void> {
    await Promise.all([this.prepared?.stop(), this.each((provider) => provider.stop())]);
  }

  private async each(act: (provider: Provider) => Promise<void>): Promise<void> {
    const started = await Promise.allSettled(this.processes.values());
    await Promise.all(started.map((start) => (start.status === "fulfilled" ? act(start.value) : undefined)));
  }

  private async register(): Promise<Resource> {
    const { snapshot, settings } = this.run;
    const root = createUrn(settings.stack, settings.project, "", stackType, `${settings.project}-${settings.stack}`);
    const urn = createUrn(settings.stack, settings.project, root, dynamicProviderType, "default");
    const old = snapshot.remaining.find((resource) => resource.urn === urn);
    // Dynamic providers get the whole configuration, with full keys.
    const config = Object.entries(settings.config).map(([key, entry]) => [
      key,
      entry.secret ? secret(entry.value) : entry.value,
    ]);
    const inputs: Props = Object.fromEntries(config);
    if (old?.inputs && "__internal" in old.inputs) inputs.__internal = old.inputs.__internal;
    const id = old?.id ?? randomUUID();
    const resource: Resource = { urn, custom: true, id, type: dynamicProviderType, inputs, outputs: inputs };
    await snapshot.commit({ add: resource, instead: old });
    return resource;
  }

  private async start(resource: Resource, reference: string): Promise<Provider> {
    const { snapshot } = this.run;
    const urn = providerUrn(reference);
    const entry = [...snapshot.registered, ...snapshot.remaining].find((candidate) => candidate.urn === urn);
    if (!entry)
      throw new StepError(
        `The state records no provider for "${resource.urn}", so it can't be reached. Its entry names "${reference}".`,
      );
    const child = this.prepared ?? this.spawn();
    this.prepared = undefined;
    return Provider.start(child, entry);
  }

  private spawn(): ChildProcess {
    const { folder, project, config, env, emit } = this.run.settings;
    const child = new ChildProcess({
      args: [...keepingCompiled, sdkScript(folder, "dynamic-provider"), this.engineAddress],
      folder,
      env: { PULUMI_PROJECT: project, PULUMI_NODEJS_PROJECT: project, ...sdkEnvironment(folder, config), ...env },
      onLine: (stream, text) => this.run.print({ source: "provider", stream, text }),
      announces: true,
    });
    emit({ type: "provider-started", pid: child.pid });
    return child;
  }
}
