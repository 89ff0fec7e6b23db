/** One operation from its first call to its last process. */
import type { Resource } from "./deployment.js";
import { type OperationResult, resultOf } from "./events.js";
import { type Program, runProgram } from "./program.js";
import { Providers } from "./providers.js";
import { refresh } from "./refresh.js";
import { messageOf, Run, type Settings } from "./run.js";
import { listen, serve } from "./server.js";
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
  const { server, address } = await listen();
  const providers = new Providers(run, address);
  const cancel = () => {
    if (!run.failed) run.fail(cancellation);
    void providers.cancel();
  };
  if (cancelled.aborted) cancel();
  cancelled.addEventListener("abort", cancel);
  try {
    const steps = new Steps(run, providers);
    serve(server, run, steps);
    if (operation === "refresh") await refresh(run, providers);
    else if (operation !== "destroy") {
      providers.prepare();
      await runProgram(program, run, address);
    }
    // A program that ends by process.exit(0) doesn't say so before.
    if (operation !== "refresh" && !run.failed) await steps.finish();
  } catch (error) {
    run.fail(messageOf(error));
  } finally {
    await run.idle();
    await providers.stop();
    server.forceShutdown();
  }
  const steps = run.steps.filter(({ type }) => !isProvider(type));
  const outputs = stackOutputs(snapshot.state().resources);
  const { output, diagnostics } = run;
  const result = resultOf({ operation, steps, outputs, output, diagnostics }, started);
  emit({ type: "operation-finished", result });
  return result;
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

export function stackOutputs(resources: Resource[]): OperationResult["outputs"] {
  const outputs: Props = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const entries = Object.entries(outputs).map(
    ([key, value]) => [key, { value: readable(plain(value)), secret: isSecret(value) }] as const,
  );
  return Object.fromEntries(entries);
}
