import { expect, test } from "vitest";
import { nodeTooOld } from "../../../../provider/hosts/dynamic/node-version";

test.each(["22.19.0", "22.20.1", "24.0.0", "26.1.0"])("Node.js %s will do", (version) => {
  expect(nodeTooOld(version)).toBeUndefined();
});

test.each(["18.20.4", "20.20.2", "22.18.0"])("Node.js %s is refused in one line", (version) => {
  expect(nodeTooOld(version)).toBe(
    `pulumi-journeys needs Node.js 22.19 or newer, and the node on PATH is ${version}; nothing was sent`,
  );
});
