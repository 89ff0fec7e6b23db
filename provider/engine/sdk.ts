/** What the engine knows of the SDK that the program uses: where its scripts are, and how it takes its configuration. */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { type Config, StepError } from "./run.js";

/** The name of the only organization that a file backend has. */
export const organization = "organization";

/** One of its scripts, so that program, script and provider run the same one. */
export function sdkScript(folder: string, name: "run" | "dynamic-provider"): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new StepError(
      `The package @pulumi/pulumi is not installed where the program can use it (${folder}). Run \`npm install @pulumi/pulumi\` there.`,
    );
  }
}

/** Configuration as the SDK takes it. */
export function sdkConfig(config: Config): { values: Record<string, string>; secretKeys: string[] } {
  const values = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  return { values, secretKeys: Object.keys(config).filter((key) => config[key]?.secret) };
}

/** The same as the SDK reads it from the environment, and where Node keeps what it compiled of the SDK for later processes. */
export function sdkEnvironment(folder: string, config: Config): Record<string, string> {
  const { values, secretKeys } = sdkConfig(config);
  const compiled = resolve(dirname(sdkScript(folder, "run")), "../../../../.cache/pulumi-journeys");
  return {
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiled,
    PULUMI_CONFIG: JSON.stringify(values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
  };
}

/** Arguments for Node: a process which is ended by SIGINT, as providers are, writes what it compiled before it ends. */
export const keepingCompiled = [
  "--import",
  `data:text/javascript,${encodeURIComponent(`
    import { flushCompileCache } from "node:module";
    process.once("SIGINT", () => {
      flushCompileCache();
      process.kill(process.pid, "SIGINT");
    });`)}`,
];
