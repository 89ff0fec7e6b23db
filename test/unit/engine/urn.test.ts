import { expect, test } from "vitest";
import { createUrn, packageOf, providerUrn, urnName, urnType } from "../../../provider/engine/urn.js";

test("URNs carry the types of their ancestors, the stack's excepted", () => {
  const stack = createUrn("dev", "shop", "", "pulumi:pulumi:Stack", "shop-dev");
  expect(stack).toBe("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev");
  const group = createUrn("dev", "shop", stack, "my:index:Group", "team");
  expect(group).toBe("urn:pulumi:dev::shop::my:index:Group::team");
  const child = createUrn("dev", "shop", group, "x:y:Z", "a::b");
  expect(child).toBe("urn:pulumi:dev::shop::my:index:Group$x:y:Z::a::b");
  expect([urnType(child), urnName(child)]).toEqual(["x:y:Z", "a::b"]);
});

test("a provider's reference ends in its id", () => {
  expect(providerUrn("urn:pulumi:dev::shop::pulumi:providers:x::de::fault::1234")).toBe(
    "urn:pulumi:dev::shop::pulumi:providers:x::de::fault",
  );
  expect(packageOf("pulumi-nodejs:dynamic/x:Y")).toBe("pulumi-nodejs");
});
