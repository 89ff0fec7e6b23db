import { describe, expect, test } from "vitest";
import { readConditions } from "../../../../provider/cli/contacts/where";

describe("a condition on a command line", () => {
  test.each([
    ["Email == ada@example.com", "Email", "==", "ada@example.com"],
    ["Email==ada@example.com", "Email", "==", "ada@example.com"],
    ["Age>=12", "Age", ">=", "12"],
    ["Age > 12", "Age", ">", "12"],
    ["Name does not contain Ada", "Name", "does not contain", "Ada"],
    ["Name contain does not contain x", "Name", "contain", "does not contain x"],
    ["Name contain a==b", "Name", "contain", "a==b"],
    ["Name == a contain b", "Name", "==", "a contain b"],
    ["  Favourite colour  !=  deep blue ", "Favourite colour", "!=", "deep blue"],
    ["Phone exist", "Phone", "exist", ""],
  ])("%j", (text, field, operator, value) => {
    expect(readConditions([text], "and")).toEqual({ relation: "and", items: [{ field, operator, value }] });
  });

  test.each([[""], ["canary@example.com"], ["Email"], ["== canary"], ["Email is canary"]])(
    "is not %j, and isn't repeated",
    (text) => {
      expect(() => readConditions(["Name == x", text], "and")).toThrow(/invalid-input.*where\[1\]/);
      expect(() => readConditions([text], "and")).not.toThrow(/canary/);
    },
  );

  test("has at most ten parts", () => {
    const texts = Array.from({ length: 11 }, (_, index) => `Email == canary${index}@example.com`);
    expect(() => readConditions(texts, "or")).toThrow(/at most 10/);
    expect(() => readConditions(texts, "or")).not.toThrow(/canary/);
  });
});
