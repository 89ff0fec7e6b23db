/** What a command about contacts works with. Ctrl-C finishes the call under way and begins no other. */
import { Config } from "../../core/config";
import type { Context } from "../../core/resource";
import { Runtime } from "../../core/runtime";

/** Where both commands get their settings from, for their descriptions. */
export const SETTINGS = "Reads ENGAGELAB_API_USER, ENGAGELAB_API_KEY and JOURNEYS_ENGAGELAB_… from the environment.";

/** Stable text for a terminal: no address, phone, name or value of anybody is ever handed to it. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Beside the result, so that a redirected output holds the result alone. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export async function withSession(work: (context: Context) => Promise<void>): Promise<void> {
  const stopped = new AbortController();
  const stop = () => {
    tell("stopping: the call under way is finished, no other is begun");
    stopped.abort();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const runtime = new Runtime(new Config({ get: () => undefined }, process.env), process.cwd());
  try {
    await work({ runtime, signal: stopped.signal, secretPaths: [], log: (_, message) => tell(message) });
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await runtime.close();
  }
}

/** Tells of every so many. */
export function progress(every: number, text: (count: number) => string): (count: number) => void {
  let told = 0;
  return (count) => {
    if (count < told + every) return;
    told = count - (count % every);
    tell(text(count));
  };
}
