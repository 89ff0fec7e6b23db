/** How a dynamic resource is named and how it names its provider. Permanent: states of every release hold these texts. */

/** `journeys:pushwoosh:Journey` → `pulumi-nodejs:dynamic/journeys/pushwoosh:Journey`. */
export function dynamicType(token: string): string {
  const [name, module, type] = token.split(":");
  return `pulumi-nodejs:dynamic/${name}/${module}:${type}`;
}

/** What a state keeps as `__provider`: it names a module, so the installed release always runs. */
export function providerText(kind: string): string {
  return `exports.handler = () => require("pulumi-journeys/dynamic/${kind}");`;
}
