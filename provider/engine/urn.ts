/** URNs and references to providers. */

export const stackType = "pulumi:pulumi:Stack";
/** The only package the engine can start: dynamic resources. */
export const dynamicPackage = "pulumi-nodejs";
export const dynamicProviderType = `pulumi:providers:${dynamicPackage}`;

/** The URN of a resource: its type is qualified by its ancestors' types, the stack excepted. */
export function createUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const ancestors = parent && urnType(parent) !== stackType ? `${qualifiedType(parent)}$` : "";
  return `urn:pulumi:${stack}::${project}::${ancestors}${type}::${name}`;
}

const qualifiedType = (urn: string) => urn.split("::")[2] ?? "";

export const urnType = (urn: string): string => qualifiedType(urn).split("$").at(-1) ?? "";

/** The name; it may itself hold "::". */
export const urnName = (urn: string): string => urn.split("::").slice(3).join("::");

export const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");

/** The URN in a provider reference `<urn>::<id>`. */
export const providerUrn = (reference: string): string => reference.slice(0, reference.lastIndexOf("::"));

/** The package of a type token: `pulumi-nodejs:dynamic/x:Y` is of `pulumi-nodejs`. */
export const packageOf = (type: string): string => type.split(":")[0] ?? "";
