/** The provider processes of one operation, and their entries in the state. */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ChildProcess } from "./child.js";
import type { Resource } from "./deployment.js";
import { Provider } from "./provider.js";
import { type Run, type Settings, StepError } from "./run.js";
import { createUrn, dynamicPackage, dynamicProviderType, packageOf, providerUrn, stackType } from "./urn.js";
import { type Props, secret } from "./values.js";

export class Providers {
  private readonly processes = new Map<string, Promise<Provider>>();
  private registration: Promise<Resource> | undefined;

  constructor(
    private readonly run: Run,
    private readonly engineAddress: string,
  ) {}

  /** The reference to the default provider of dynamic resources, which is registered at its first use. */
  async reference(): Promise<string> {
    this.registration ??= this.register();
    const { urn, id } = await this.registration;
    return `${urn}::${id}`;
  }

  /** The provider of a resource, started at its first use in the operation from what the state records of it. */
  of(resource: Resource): Promise<Provider> {
    const reference = resource.provider ?? "";
    const known = this.processes.get(reference) ?? this.start(resource, reference);
    this.processes.set(reference, known);
    return known;
  }

  async cancel(): Promise<void> {
    await this.each((provider) => provider.cancel());
  }

  async stop(): Promise<void> {
    await this.each((provider) => provider.stop());
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
    const inputs: Props = {
      ...(old?.inputs && "__internal" in old.inputs ? { __internal: old.inputs.__internal } : {}),
    };
    for (const [key, entry] of Object.entries(settings.config))
      inputs[key] = entry.secret ? secret(entry.value) : entry.value;
    const resource: Resource = {
      urn,
      custom: true,
      id: old?.id ?? randomUUID(),
      type: dynamicProviderType,
      inputs,
      outputs: inputs,
    };
    await snapshot.commit({ add: resource, instead: old });
    return resource;
  }

  private async start(resource: Resource, reference: string): Promise<Provider> {
    const { snapshot, settings } = this.run;
    const urn = providerUrn(reference);
    const entry = [...snapshot.registered, ...snapshot.remaining].find((candidate) => candidate.urn === urn);
    if (!entry)
      throw new StepError(
        `The state records no provider for "${resource.urn}", so it can't be reached. Its entry names "${reference}".`,
      );
    if (packageOf(resource.type) !== dynamicPackage) {
      throw new StepError(
        `"${resource.urn}" belongs to the package "${packageOf(resource.type)}". The local engine runs dynamic resources only; use the Pulumi CLI for it.`,
      );
    }
    const child = new ChildProcess({
      args: [sdkScript(settings.folder, "dynamic-provider"), this.engineAddress],
      folder: settings.folder,
      env: providerEnvironment(settings),
      onLine: (stream, text) => this.run.print({ source: "provider", stream, text }),
      announces: true,
    });
    settings.emit({ type: "provider-started", pid: child.pid, urn });
    return Provider.start(child, entry);
  }
}

/** A script of the SDK that the program uses, so that program, script and provider run the same one. */
export function sdkScript(folder: string, name: "run" | "dynamic-provider"): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new StepError(
      `The package @pulumi/pulumi is not installed where the program can use it (${folder}). Run \`npm install @pulumi/pulumi\` there.`,
    );
  }
}

function providerEnvironment({ project, config, env }: Settings): Record<string, string> {
  return { PULUMI_PROJECT: project, PULUMI_NODEJS_PROJECT: project, ...configEnvironment(config), ...env };
}

/** Configuration as the SDK reads it from the environment. */
export function configEnvironment(config: Settings["config"]): Record<string, string> {
  const values = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  const secretKeys = Object.keys(config).filter((key) => config[key]?.secret);
  return { PULUMI_CONFIG: JSON.stringify(values), PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
}
