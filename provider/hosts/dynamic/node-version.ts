/** The one thing that is looked at before anything else is loaded: parts of the package don't load on an old Node.js. */

const OLDEST = [22, 19] as const;

/** What is wrong with this Node.js, in one line, or nothing. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `pulumi-journeys needs Node.js ${OLDEST.join(".")} or newer, and the node on PATH is ${version}; nothing was sent`;
}
