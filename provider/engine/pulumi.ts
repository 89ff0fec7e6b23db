/**
 * The same stack over the real Pulumi CLI: Automation API, state in local files. It is type-checked against the SDK, but it has
 * not been run where no CLI is installed; the checklist in README.md is for a person who has one.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { UntypedDeployment } from "./deployment.js";
import {
  type Diagnostic,
  type Operation,
  type OperationResult,
  type OutputLine,
  resultOf,
  type Step,
  type StepOp,
} from "./events.js";
import { compare } from "./paths.js";
import type { InlineProgram, Program } from "./program.js";
import { messageOf } from "./run.js";
import { placeOf, type StackEngine, type StackOptions, settleConfig } from "./stack-options.js";
import { isProvider, urnName } from "./urn.js";

type Automation = typeof import("@pulumi/pulumi/automation/index.js");
type CliStack = import("@pulumi/pulumi/automation/index.js").Stack;
type CliEvent = import("@pulumi/pulumi/automation/index.js").EngineEvent;
type CliOptions = { onEvent: (event: CliEvent) => void; parallel?: number };
type Metadata = NonNullable<CliEvent["resourcePreEvent"]>["metadata"];

/** The SDK's part that drives the CLI; loaded only when it is wanted, since it is large. */
const automation = () => createRequire(join(process.cwd(), "package.json"))("@pulumi/pulumi/automation") as Automation;

/** The version of the installed CLI. Throws if there is none, or one that the SDK can't drive. */
export const cliVersion = async () => String((await automation().PulumiCommand.get()).version);

/** The CLI reports these and parts of them; only these are steps. */
const ops: readonly StepOp[] = ["create", "same", "update", "replace", "delete", "delete-replaced", "read"];

export class PulumiStack implements StackEngine {
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
    const { folder, project } = placeOf(options);
    // Dynamic resources are looked up from `main`, so the folder has to be said.
    const projectSettings = { name: project, runtime: "nodejs", main: folder };
    const workspace = automation().LocalWorkspace;
    const stack =
      typeof program === "function"
        ? await workspace.createOrSelectStack(
            { stackName, projectName: project, program: asked(program) },
            { envVars, projectSettings },
          )
        : await workspace.createOrSelectStack({ stackName, workDir: folder }, { envVars });
    await stack.setAllConfig(settleConfig(options.config ?? {}, project));
    return new PulumiStack(options, stack, temporary);
  }

  preview = () => this.operate("preview", (options) => this.stack.preview(options));
  up = () => this.operate("up", (options) => this.stack.up(options));
  refresh = ({ clearPendingCreates = false } = {}) =>
    this.operate("refresh", (options) => this.stack.refresh({ ...options, clearPendingCreates }));
  destroy = () => this.operate("destroy", (options) => this.stack.destroy(options));

  export = async () => (await this.stack.exportStack()) as UntypedDeployment;
  import = (deployment: UntypedDeployment) =>
    this.stack.importStack(deployment as Awaited<ReturnType<CliStack["exportStack"]>>);

  setProgram(program: Program): void {
    if (typeof program !== "function")
      throw new Error("With the Pulumi CLI, edit the program's folder instead of naming another one.");
    this.stack.workspace.program = asked(program);
  }

  async close(): Promise<void> {
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private async operate(
    operation: Operation,
    run: (options: CliOptions) => Promise<unknown>,
  ): Promise<OperationResult> {
    const { project = "", stack = "dev", parallel, onEvent: emit = () => {} } = this.options;
    const started = performance.now();
    const steps: Step[] = [];
    const output: OutputLine[] = [];
    const diagnostics: Diagnostic[] = [];
    const onEvent = (event: CliEvent) => {
      const done = operation === "preview" ? event.resourcePreEvent : event.resOutputsEvent;
      const step = stepOf((done ?? event.resOpFailedEvent)?.metadata);
      if (step) {
        if (event.resOpFailedEvent) step.error = "failed";
        steps.push(step);
        emit({ type: "step-finished", step });
      }
      const { severity, message = "", urn } = event.diagnosticEvent ?? {};
      if (severity === "warning" || severity === "error") {
        diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
        emit({ type: "diagnostic", severity, message });
      } else if (severity) {
        const stream = severity === "info" ? "stdout" : "stderr";
        const lines = message
          .trimEnd()
          .split("\n")
          .map((text): OutputLine => ({ source: "provider", stream, text }));
        output.push(...lines);
        for (const line of lines) emit({ type: "output", ...line });
      }
    };
    emit({ type: "operation-started", operation, project, stack });
    const limits = parallel === undefined ? {} : { parallel };
    const thrown = await run({ onEvent, ...limits }).then(() => undefined, messageOf);
    if (thrown !== undefined && !diagnostics.some(({ severity }) => severity === "error"))
      diagnostics.push({ severity: "error", message: thrown });
    const outputs = operation === "preview" ? {} : await this.stack.outputs();
    const result = resultOf({ operation, steps, outputs, output, diagnostics }, started);
    emit({ type: "operation-finished", result });
    return result;
  }
}

const asked = (program: InlineProgram) => async () => (await program()) as Record<string, unknown>;

function stepOf(metadata: Metadata | undefined): Step | undefined {
  const op = metadata && ops.find((known) => known === metadata.op);
  if (!op || isProvider(metadata.type)) return undefined;
  const { urn, type, old, new: next } = metadata;
  return {
    op,
    urn,
    type,
    name: urnName(urn),
    changes: op === "same" ? [] : compare(old?.inputs ?? {}, next?.inputs ?? {}),
  };
}
