/** An emulator, and commands about contacts that see it through their environment, as in a terminal. */
import type { Command } from "commander";
import { vi } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../../../provider/emulator";
import type { ContactSeed } from "../../../../provider/emulator/engagelab/seed";

export const KEY = "canary-api-key";

/** Nothing a command prints may hold any of these. */
export const canary = /canary/i;

export const people = (count: number, more: (index: number) => Partial<ContactSeed> = () => ({})): ContactSeed[] =>
  Array.from({ length: count }, (_, index) => ({
    email: `canary${index}@canary.example`,
    name: `Canary ${index}`,
    phone: `canary-${index}`,
    ...more(index),
  }));

/** People nobody asks for: whoever touches them does harm. */
export const bystanders: ContactSeed[] = Array.from({ length: 5 }, (_, index) => ({
  email: `bystander${index}@example.org`,
}));

export async function openTerminal(options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options);
  const said = { out: "", err: "" };
  vi.stubEnv("ENGAGELAB_API_USER", "user");
  vi.stubEnv("ENGAGELAB_API_KEY", KEY);
  vi.stubEnv("JOURNEYS_ENGAGELAB_URL", emulator.url);
  vi.stubEnv("JOURNEYS_ENGAGELAB_RATE", "0");
  vi.stubEnv("JOURNEYS_ENGAGELAB_CONCURRENCY", "0");
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said.out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.err += text;
    return true;
  });
  return {
    emulator,
    said,
    /** What the command prints; its error is thrown. */
    async run(command: Command, ...args: string[]): Promise<string> {
      said.out = "";
      await command
        .exitOverride()
        .configureOutput({ writeErr: () => {} })
        .parseAsync(args, { from: "user" });
      return said.out;
    },
    /** Endpoints called, without the proof of the credential. */
    called: () => emulator.journal.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== "quota"),
    emails: () => emulator.engagelab.contacts().map(({ email }) => email),
    async close() {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      await emulator.close();
    },
  };
}

export type Terminal = Awaited<ReturnType<typeof openTerminal>>;
