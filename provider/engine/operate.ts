/** One operation from its first call to its last process. */
import type { Resource } from "./deployment.js";
import { countSteps, type OperationResult } from "./events.js";
import { type Program, runProgram } from "./program.js";
import { Providers } from "./providers.js";
import { refresh } from "./refresh.js";
import { messageOf, Run, type Settings } from "./run.js";
import { EngineServer } from "./server.js";
import type { Snapshot } from "./snapshot.js";
import { Steps } from "./steps.js";
import { isProvider, stackType } from "./urn.js";
import { isSecret, type Props, plain, readable } from "./values.js";

const cancellation =
  "The operation was cancelled. What had been started was brought to its end and recorded; the rest was left as it was.";

/** Once `cancelled` is aborted, nothing new is started, the providers are told, and what is running goes on to its end. */
export async function operate(
  settings: Settings,
  snapshot: Snapshot,
  program: Program,
  cancelled: AbortSignal,
): Promise<OperationResult> {
  const run = new Run(settings, snapshot);
  const { operation, project, stack, emit } = settings;
  const started = performance.now();
  emit({ type: "operation-started", operation, project, stack });
  warnOfPending(run);
  const server = await EngineServer.listen();
  const providers = new Providers(run, server.address);
  const cancel = () => {
    if (!run.failed) run.fail(cancellation);
    void providers.cancel();
  };
  if (cancelled.aborted) cancel();
  cancelled.addEventListener("abort", cancel);
  try {
    await work(run, program, server, providers);
  } catch (error) {
    run.fail(messageOf(error));
  } finally {
    await run.idle();
    await providers.stop();
    server.close();
  }
  const result = resultOf(run, performance.now() - started);
  emit({ type: "operation-finished", result });
  return result;
}

async function work(run: Run, program: Program, server: EngineServer, providers: Providers): Promise<void> {
  const steps = new Steps(run, providers);
  let finished: Promise<void> | undefined;
  // Nothing is deleted after an error, not even one that the program only logged.
  const finish = () => {
    finished ??= run.hasErrors ? Promise.resolve() : steps.deletes.deleteRemaining();
    return finished;
  };
  server.serve(run, steps, finish);
  if (run.settings.operation === "destroy") return finish();
  if (run.settings.operation === "refresh") return refresh(run, providers);
  await runProgram(program, run, server.address);
  // A program that ends by process.exit(0) doesn't say so before.
  if (!run.failed) await finish();
}

function warnOfPending(run: Run): void {
  for (const { type, resource } of run.snapshot.interrupted) {
    run.report({
      severity: "warning",
      urn: resource.urn,
      message:
        `An earlier run was killed while it was ${type} "${resource.urn}". Whether that took place is not known to the state. Look at the ` +
        `real resource${type === "creating" ? "; when all is well, `refresh({ clearPendingCreates: true })` ends this warning" : ", or run `refresh`"}.`,
    });
  }
}

function resultOf(run: Run, duration: number): OperationResult {
  const { settings, diagnostics, output, snapshot } = run;
  const steps = run.steps.filter(({ type }) => !isProvider(type));
  const failure = diagnostics.find(({ severity }) => severity === "error")?.message;
  return {
    operation: settings.operation,
    ok: failure === undefined,
    steps,
    ...countSteps(steps),
    outputs: stackOutputs(snapshot.state().resources),
    output,
    messages: output
      .filter(({ source, stream }) => source === "provider" && stream === "stdout")
      .map(({ text }) => text),
    diagnostics,
    ...(failure === undefined ? {} : { failure }),
    durationMs: Math.round(duration),
  };
}

export function stackOutputs(resources: Resource[]): OperationResult["outputs"] {
  const outputs: Props = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const entries = Object.entries(outputs).map(
    ([key, value]) => [key, { value: readable(plain(value)), secret: isSecret(value) }] as const,
  );
  return Object.fromEntries(entries);
}
