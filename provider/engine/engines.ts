/** The engines a stack can run under: the local one, and the Pulumi CLI. */
import { cliVersion, PulumiStack } from "./pulumi.js";
import { messageOf } from "./run.js";
import { Stack } from "./stack.js";
import type { StackEngine, StackOptions } from "./stack-options.js";

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
    const notice = `Pulumi CLI ${await cliVersion()}, state in local files. Nobody has tried this with a real CLI yet; provider/engine/README.md has a checklist.`;
    return { name: "pulumi", notice, create: (options) => PulumiStack.create(options) };
  } catch (error) {
    if (choice === "auto") return local;
    const missing = messageOf(error).includes("ENOENT");
    throw new Error(
      `The Pulumi CLI can't be used: ${missing ? 'there is no program "pulumi" on the PATH.' : messageOf(error)} ` +
        'Install it (https://www.pulumi.com/docs/install/), or choose the engine "local".',
    );
  }
}
