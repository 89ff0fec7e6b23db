/**
 * The same stack over the real Pulumi CLI: Automation API, state in local files. It is type-checked against the SDK, but it has
 * not been run where no CLI is installed; the checklist in README.md is for a person who has one.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { UntypedDeployment } from "./deployment.js";
import { countSteps, type Diagnostic, type Operation, type OperationResult, type Step, type StepOp } from "./events.js";
import { compare } from "./paths.js";
import { type Program, readProject } from "./program.js";
import { messageOf } from "./run.js";
import { Stack, type StackEngine, type StackOptions, settleConfig } from "./stack.js";
import { urnName } from "./urn.js";

type Automation = typeof import("@pulumi/pulumi/automation/index.js");
type CliStack = import("@pulumi/pulumi/automation/index.js").Stack;
type CliEvent = import("@pulumi/pulumi/automation/index.js").EngineEvent;
type Metadata = NonNullable<CliEvent["resourcePreEvent"]>["metadata"];

/** The SDK's part that drives the CLI; loaded only when it is wanted, since it is large. */
const automation = () => createRequire(join(process.cwd(), "package.json"))("@pulumi/pulumi/automation") as Automation;

/** An engine that can be chosen. */
export interface Engine {
  name: "local" | "pulumi";
  /** One line for people: what this engine is. */
  notice: string;
  create(options: StackOptions): Promise<StackEngine>;
}

const local: Engine = {
  name: "local",
  notice: "Local engine for tests and demonstrations; this is not the Pulumi CLI.",
  create: (options) => Stack.create(options),
};

/** Chooses an engine; `auto` takes the Pulumi CLI if there is one. Throws if the CLI is asked for and missing. */
export async function selectEngine(choice: "auto" | "local" | "pulumi"): Promise<Engine> {
  if (choice === "local") return local;
  try {
    const { version } = await automation().PulumiCommand.get();
    return {
      name: "pulumi",
      notice: `Pulumi CLI ${version}, state in local files.`,
      create: (options) => PulumiStack.create(options),
    };
  } catch (error) {
    if (choice === "auto") return local;
    throw new Error(
      `The Pulumi CLI can't be used: ${messageOf(error)} Install it (https://www.pulumi.com/docs/install/), or choose the engine "local".`,
    );
  }
}

/** Operations of the CLI as it reports them, in the words of the local engine; others are parts of these. */
const ops: Record<string, StepOp> = {
  create: "create",
  same: "same",
  update: "update",
  replace: "replace",
  delete: "delete",
  "delete-replaced": "delete-replaced",
  read: "read",
};

class PulumiStack implements StackEngine {
  private constructor(
    private readonly options: StackOptions,
    private readonly stack: CliStack,
    private readonly temporary: string | undefined,
  ) {}

  static async create(options: StackOptions): Promise<PulumiStack> {
    const { program, stateFile, stack: stackName = "dev" } = options;
    const temporary = stateFile === undefined ? mkdtempSync(join(tmpdir(), "pulumi-")) : undefined;
    const backend = temporary ?? resolve(`${stateFile}.pulumi`);
    mkdirSync(backend, { recursive: true });
    const passphrase = options.passphrase ?? process.env.PULUMI_CONFIG_PASSPHRASE ?? "";
    const envVars = { ...options.env, PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: passphrase };
    const folder = resolve(options.folder ?? (typeof program === "function" ? "." : program.folder));
    const projectName =
      options.project ?? (typeof program === "function" ? undefined : readProject(program.folder).name) ?? "test";
    const { LocalWorkspace } = automation();
    const stack =
      typeof program === "function"
        ? await LocalWorkspace.createOrSelectStack(
            { stackName, projectName, program: async () => program() as Record<string, unknown> },
            // Dynamic resources are looked up from `main`, so the folder has to be said.
            { envVars, projectSettings: { name: projectName, runtime: "nodejs", main: folder } },
          )
        : await LocalWorkspace.createOrSelectStack({ stackName, workDir: folder }, { envVars });
    await stack.setAllConfig(settleConfig(options.config ?? {}, projectName));
    return new PulumiStack(options, stack, temporary);
  }

  preview = () => this.operate("preview", (onEvent) => this.stack.preview({ onEvent, ...this.limits() }));
  up = () => this.operate("up", (onEvent) => this.stack.up({ onEvent, ...this.limits() }));
  refresh = ({ clearPendingCreates = false } = {}) =>
    this.operate("refresh", (onEvent) => this.stack.refresh({ onEvent, clearPendingCreates, ...this.limits() }));
  destroy = () => this.operate("destroy", (onEvent) => this.stack.destroy({ onEvent, ...this.limits() }));

  async export(): Promise<UntypedDeployment> {
    return (await this.stack.exportStack()) as UntypedDeployment;
  }

  import(deployment: UntypedDeployment): Promise<void> {
    return this.stack.importStack(deployment as Awaited<ReturnType<CliStack["exportStack"]>>);
  }

  setProgram(program: Program): void {
    if (typeof program !== "function")
      throw new Error("With the Pulumi CLI, a stack of a folder can't be given another program; edit the folder.");
    this.stack.workspace.program = async () => program() as Record<string, unknown>;
  }

  async close(): Promise<void> {
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private limits = () => (this.options.parallel === undefined ? {} : { parallel: this.options.parallel });

  private async operate(
    operation: Operation,
    run: (onEvent: (event: CliEvent) => void) => Promise<unknown>,
  ): Promise<OperationResult> {
    const { project = "", stack = "dev", onEvent = () => {} } = this.options;
    const started = performance.now();
    const steps: Step[] = [];
    const messages: string[] = [];
    const diagnostics: Diagnostic[] = [];
    const finish = (metadata: Metadata, error?: string) => {
      const op = ops[metadata.op];
      if (!op || metadata.type.startsWith("pulumi:providers:")) return;
      const changes = op === "same" ? [] : compare(metadata.old?.inputs ?? {}, metadata.new?.inputs ?? {});
      const step: Step = {
        op,
        urn: metadata.urn,
        type: metadata.type,
        name: urnName(metadata.urn),
        changes,
        ...(error ? { error } : {}),
      };
      steps.push(step);
      onEvent({ type: "step-finished", step });
    };
    onEvent({ type: "operation-started", operation, project, stack });
    const failure = await run((event) => {
      if (operation === "preview" && event.resourcePreEvent) finish(event.resourcePreEvent.metadata);
      if (operation !== "preview" && event.resOutputsEvent) finish(event.resOutputsEvent.metadata);
      if (event.resOpFailedEvent) finish(event.resOpFailedEvent.metadata, "failed");
      const { severity, message, urn } = event.diagnosticEvent ?? {};
      if (!severity || message === undefined) return;
      if (severity === "info" || severity === "info#err") {
        const lines = message.trimEnd().split("\n");
        messages.push(...lines);
        for (const text of lines)
          onEvent({ type: "output", source: "provider", stream: severity === "info" ? "stdout" : "stderr", text });
      } else {
        diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
        onEvent({ type: "diagnostic", severity, message });
      }
    }).then(() => undefined, messageOf);
    if (failure !== undefined && !diagnostics.some(({ severity }) => severity === "error"))
      diagnostics.push({ severity: "error", message: failure });
    const outputs = operation === "preview" ? {} : await this.stack.outputs();
    const result: OperationResult = {
      ...{ operation, ok: failure === undefined, steps, ...countSteps(steps), outputs, messages, diagnostics },
      ...(failure === undefined
        ? {}
        : { failure: diagnostics.find(({ severity }) => severity === "error")?.message ?? failure }),
      durationMs: Math.round(performance.now() - started),
    };
    onEvent({ type: "operation-finished", result });
    return result;
  }
}
