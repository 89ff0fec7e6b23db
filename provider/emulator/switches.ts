import type { SwitchDeclaration, SwitchTable } from "./declaration";
import { engagelabSwitchTable } from "./engagelab/switches";
import type { PlatformName } from "./exchange";
import { pushwooshSwitchTable } from "./pushwoosh/switches";

/** A switch as a command line or a test over all switches sees it. */
export interface Switch extends SwitchDeclaration {
  readonly platform: PlatformName;
  /** Name within the platform's options, such as `transitions`. */
  readonly option: string;
  /** Name over both platforms and flag of `journeys emulate`, such as `pushwoosh-transitions`. */
  readonly name: string;
}

/** Every switch of the emulator. */
export const switches: readonly Switch[] = [
  ...listSwitches("pushwoosh", pushwooshSwitchTable),
  ...listSwitches("engagelab", engagelabSwitchTable),
];

function listSwitches(platform: PlatformName, table: Readonly<Record<string, SwitchDeclaration>>): Switch[] {
  return Object.entries(table).map(([option, declaration]) => ({
    ...declaration,
    platform,
    option,
    name: `${platform}-${option.replace(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`)}`,
  }));
}

/**
 * Reads a switch's value from text, as a command line gives it.
 * @param name `pushwoosh-transitions`, or the same as `pushwoosh.transitions`.
 * @returns The switch and its typed value, ready for `startEmulator({ [platform]: { [option]: value } })`.
 * @throws Error naming the switch and the values it takes.
 */
export function parseSwitch(
  name: string,
  text: string,
): { platform: PlatformName; option: string; value: string | number } {
  const found = switches.find((entry) => entry.name === name || `${entry.platform}.${entry.option}` === name);
  if (!found) {
    throw new Error(`The emulator has no switch "${name}". It has: ${switches.map((entry) => entry.name).join(", ")}.`);
  }
  const value = typeof found.default === "number" && text.trim() !== "" ? Number(text) : text;
  checkValue(found.name, found, value);
  return { platform: found.platform, option: found.option, value };
}

/** The options given, completed by the defaults; an unknown name or value is an error. */
export function settle<Switches extends object>(
  platform: PlatformName,
  table: SwitchTable<Switches>,
  given: Switches | undefined,
): Required<Switches> {
  const declarations = table as Readonly<Record<string, SwitchDeclaration>>;
  const settled: Record<string, string | number> = {};
  for (const [name, declaration] of Object.entries(declarations)) settled[name] = declaration.default;
  for (const [name, value] of Object.entries(given ?? {})) {
    const declaration = declarations[name];
    if (!declaration) {
      throw new Error(`${platform}.${name} is not a switch. There are: ${Object.keys(declarations).join(", ")}.`);
    }
    if (value === undefined) continue;
    checkValue(`${platform}.${name}`, declaration, value);
    settled[name] = value;
  }
  return settled as Required<Switches>;
}

function checkValue(name: string, declaration: SwitchDeclaration, value: unknown): asserts value is string | number {
  const { values } = declaration;
  if (values === "whole number") {
    if (Number.isInteger(value) && (value as number) >= 0) return;
    throw new Error(`The switch ${name} takes a whole number from 0 up, not "${String(value)}".`);
  }
  if (!values.includes(value as string | number)) {
    throw new Error(`The switch ${name} takes ${values.join(", ")}, not "${String(value)}".`);
  }
}
