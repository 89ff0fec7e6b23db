/** Registrations: what has to happen to each resource, decided one after another and done side by side. */
import { carryOut, type Plan } from "./carry-out.js";
import { Deletes } from "./deletes.js";
import type { Resource } from "./deployment.js";
import { differenceOf } from "./difference.js";
import { compact, type Goal, goalOf } from "./goal.js";
import { keepOld } from "./paths.js";
import type { ReadResourceRequest, RegisterResourceRequest } from "./protocol.js";
import type { Provider } from "./provider.js";
import type { Providers } from "./providers.js";
import { rename } from "./references.js";
import { Abandoned, describe, messageOf, type Run, StepError } from "./run.js";
import { createUrn } from "./urn.js";
import { contains, equal, isUnknown, markNamed, type Props } from "./values.js";

export class Steps {
  private readonly deletes: Deletes;
  private finished: Promise<void> | undefined;
  /** Resources of the former state that haven't been registered again, by URN. */
  private readonly olds: Map<string, Resource>;
  private readonly registered = new Map<string, Resource>();

  constructor(
    private readonly run: Run,
    private readonly providers: Providers,
  ) {
    this.deletes = new Deletes(run, providers);
    this.olds = new Map(
      run.snapshot.remaining.filter((resource) => !resource.delete).map((resource) => [resource.urn, resource]),
    );
  }

  /** Makes the resource what the program wants. Throws `Abandoned` if that failed, or if something else failed before. */
  async register(request: RegisterResourceRequest): Promise<{ urn: string; id: string; object: Props }> {
    const plan = await this.decide(this.urnOf(request), () => this.plan(request));
    const resource = await this.run.execution.add(() => carryOut(this.run, plan));
    this.registered.set(resource.urn, resource);
    return { urn: resource.urn, id: resource.id ?? "", object: resource.outputs ?? {} };
  }

  /** Outputs of a component or of the stack. */
  async registerOutputs(urn: string, outputs: Props): Promise<void> {
    const resource = this.registered.get(urn);
    if (!resource) throw new StepError(`Outputs were given for "${urn}", which is not registered.`);
    if (!equal(resource.outputs ?? {}, outputs)) await this.run.snapshot.commit({ amend: resource, with: { outputs } });
  }

  /** What the SDK asks for when a resource was given as a reference. */
  describe(urn: string): Props {
    const resource = this.registered.get(urn);
    if (!resource) throw new StepError(`"${urn}" is referred to, but it is not registered in this run.`);
    return { urn, id: resource.id ?? "", state: resource.outputs ?? {} };
  }

  /** A resource that is only looked at (`.get`). */
  async read(request: ReadResourceRequest): Promise<{ urn: string; properties: Props }> {
    const { resource, provider } = await this.decide(this.urnOf(request), () => this.planRead(request));
    return this.run.execution.add(() =>
      this.run.step(describe("read", resource), async () => {
        const { urn, id = "" } = resource;
        if (isUnknown(id) || contains(resource.inputs, isUnknown)) return { urn, properties: {} };
        const found = await provider.read(resource);
        if (!found) throw new StepError(`"${urn}" is to be read, but there is nothing with the id "${id}".`);
        resource.outputs = markNamed(found.outputs, resource.additionalSecretOutputs ?? []);
        await this.run.snapshot.commit({ add: resource, instead: this.takeOld(urn) });
        return { urn, properties: resource.outputs };
      }),
    );
  }

  /**
   * Everything is registered: what is no longer declared is deleted. Nothing is after an error, not even after one that the
   * program only logged.
   */
  finish(): Promise<void> {
    this.finished ??= this.run.hasErrors ? Promise.resolve() : this.deletes.deleteRemaining();
    return this.finished;
  }

  private urnOf({ parent, type, name }: { parent: string; type: string; name: string }): string {
    return createUrn(this.run.settings.stack, this.run.settings.project, parent, type, name);
  }

  /** One decision at a time, in the order of arrival. */
  private async decide<T>(urn: string, decision: () => Promise<T>): Promise<T> {
    return this.run.generation.add(async () => {
      if (this.run.failed) throw new Abandoned();
      try {
        return await decision();
      } catch (error) {
        if (!(error instanceof Abandoned)) this.run.fail(messageOf(error), urn);
        throw new Abandoned();
      }
    });
  }

  private async plan(request: RegisterResourceRequest): Promise<Plan> {
    const goal = goalOf(request, this.run.settings, this.registered.get(request.parent));
    const { resource } = goal;
    this.claim(resource);
    const old = await this.findOld(goal);
    if (!resource.custom) return this.planComponent(resource, old);
    resource.provider = await this.providers.reference();
    const provider = await this.providers.of(resource);
    const wanted = resource.inputs ?? {};
    if (!old || old.external || old.pendingReplacement) {
      resource.inputs = await provider.check(resource, {}, wanted);
      return { op: old?.pendingReplacement ? "replace" : "create", old, resource, provider };
    }
    // Under an alias, the provider sees the resource by its new name.
    const known = { ...old, urn: resource.urn, type: resource.type };
    const news = keepOld(old.inputs ?? {}, wanted, resource.ignoreChanges ?? []);
    resource.inputs = await provider.check(resource, old.inputs ?? {}, news);
    const difference = await differenceOf(provider, known, resource, resource.inputs);
    resource.id = old.id;
    if (difference.replaceKeys.length > 0) return this.planReplacement(goal, old, provider, news, difference);
    return { op: difference.changed ? "update" : "same", old, resource, provider };
  }

  private claim({ urn }: Resource): void {
    if (this.registered.has(urn)) {
      throw new StepError(
        `Two resources have the URN "${urn}". Give one of them another name; the second was not created.`,
      );
    }
    this.registered.set(urn, { urn, custom: false, type: "" });
  }

  private planComponent(resource: Resource, old: Resource | undefined): Plan {
    if (!old) return { op: "create", resource };
    return { op: equal(old.inputs ?? {}, resource.inputs ?? {}) ? "same" : "update", old, resource };
  }

  private async planReplacement(
    { resource, deleteBeforeReplace }: Goal,
    old: Resource,
    provider: Provider,
    news: Props,
    difference: { replaceKeys: string[]; deleteBeforeReplace: boolean },
  ): Promise<Plan> {
    if (old.protect) {
      throw new StepError(
        `"${old.urn}" is protected, but ${difference.replaceKeys.join(", ")} can only be changed by replacing it. Nothing was sent. ` +
          "Take the change back, or set `protect: false` and run `up` first.",
      );
    }
    delete resource.id;
    // The new resource owes nothing to the old one, so its inputs are checked as those of a new one.
    resource.inputs = await provider.check(resource, {}, news);
    if (deleteBeforeReplace ?? difference.deleteBeforeReplace) await this.deleteBefore(old);
    return { op: "replace", old, resource, provider, replaceKeys: difference.replaceKeys };
  }

  /** Deletes a resource and what can't live through its replacement. No other decision is made meanwhile. */
  private async deleteBefore(old: Resource): Promise<void> {
    const others = await this.deletes.replacedWith(old, (urn) => this.registered.has(urn));
    for (const doomed of [...others.reverse(), old]) {
      await this.run.execution.add(() => this.deletes.delete(doomed, true));
    }
  }

  /** The entry of the former state, by URN or alias. References to an alias are turned to the new URN. */
  private async findOld({ resource, aliases }: Goal): Promise<Resource | undefined> {
    const { snapshot } = this.run;
    for (const urn of [resource.urn, ...aliases]) {
      const old = this.takeOld(urn);
      if (old && urn !== resource.urn) await snapshot.commit(...rename(snapshot.remaining, urn, resource.urn));
      if (old) return old;
    }
    return undefined;
  }

  private takeOld(urn: string): Resource | undefined {
    const old = this.olds.get(urn);
    this.olds.delete(urn);
    return old;
  }

  private async planRead(request: ReadResourceRequest): Promise<{ resource: Resource; provider: Provider }> {
    const { type, id, parent, dependencies, additionalSecretOutputs, properties: inputs = {} } = request;
    const options = compact({ parent, dependencies, additionalSecretOutputs });
    const resource: Resource = { urn: this.urnOf(request), custom: true, id, type, inputs, external: true, ...options };
    this.claim(resource);
    resource.provider = await this.providers.reference();
    return { resource, provider: await this.providers.of(resource) };
  }
}
