import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validate } from "../../../../provider/core/validate";
import { formatPath, UNKNOWN } from "../../../../provider/core/values";
import { addressFault, holdsAddress, identityOf } from "../../../../provider/engagelab/contact/address";
import { sameField, sameTags } from "../../../../provider/engagelab/contact/compare";
import {
  type ContactInputs,
  contactInputs,
  contactProblems,
  fieldFault,
  oddTags,
  personalInputs,
} from "../../../../provider/engagelab/contact/inputs";
import { nobody } from "../../../../provider/engagelab/contact/state";
import { lacking, newTarget } from "../../../../provider/engagelab/contact/target";
import { compared, encode } from "../../../../provider/engagelab/contact-set/content";

/** All problems of some inputs, as a host finds them. */
function problems(inputs: unknown): string[] {
  const secret = personalInputs.map((name) => [name]);
  const shape = validate(contactInputs, inputs, secret);
  const found = shape.length ? shape : contactProblems(inputs as ContactInputs);
  return found.map(({ path, reason }) => `${formatPath(path)}: ${reason}`);
}

const email = "canary@canary.example";

describe("bad inputs", () => {
  test.each<[unknown, string]>([
    [{}, "email: is required: text"],
    [{ email: 7 }, "email: must be text, not [secret]"],
    [{ email: "a@b.c" }, "email: must have 6 to 128 characters"],
    [{ email: `${"c".repeat(120)}@canary.example` }, "email: must have 6 to 128 characters"],
    [{ email: "canary.example" }, "email: must be of the form local-part@domain, with exactly one @"],
    [{ email: "@canary.example" }, "email: must be of the form local-part@domain, with exactly one @"],
    [{ email: "canary@x@y.example" }, "email: must be of the form local-part@domain, with exactly one @"],
    [{ email: `${"c".repeat(97)}@ca.example` }, "email: must have at most 96 characters before the @"],
    [{ email: "canary one@x.example" }, "email: must not contain white space or control characters"],
    [{ email: "canary\u0007@x.example" }, "email: must not contain white space or control characters"],
    [
      { email: "canary@localhost" },
      "email: must have a domain of letters, digits, hyphens and dots; no part of it begins or ends with a hyphen",
    ],
    [
      { email: "canary@-x.example" },
      "email: must have a domain of letters, digits, hyphens and dots; no part of it begins or ends with a hyphen",
    ],
    [
      { email: "canary@x_y.example" },
      "email: must have a domain of letters, digits, hyphens and dots; no part of it begins or ends with a hyphen",
    ],
    [
      { email: "canary@x..example" },
      "email: must have a domain of letters, digits, hyphens and dots; no part of it begins or ends with a hyphen",
    ],
    [{ email: "canary@x.xn--p1ai" }, "email: must end with a top-level domain of 2 to 20 letters"],
    [{ email: "canary@x.c" }, "email: must end with a top-level domain of 2 to 20 letters"],
    [{ email, phone: 123 }, "phone: must be text, not [secret]"],
    [{ email, phone: "canary\n" }, "phone: must not contain control characters"],
    [{ email, name: "canary\u0000" }, "name: must not contain control characters"],
    [{ email, fields: "canary" }, "fields: must be an object, not [secret]"],
    [{ email, fields: { Age: ["canary"] } }, "fields.Age: must be text, a number or true or false, not [secret]"],
    [{ email, fields: { Age: "canary\t" } }, "fields.Age: must not contain control characters"],
    [{ email, fields: { email: "canary" } }, "fields.email: belongs to the input email, not to fields"],
    [{ email, fields: { Phone: "canary" } }, "fields.Phone: belongs to the input phone, not to fields"],
    [{ email, fields: { Tag: "canary" } }, "fields.Tag: belongs to the input tags, not to fields"],
    [{ email, fields: { createTime: "canary" } }, "fields.createTime: is a property the platform sets itself"],
    [{ email, fields: { "": "canary" } }, 'fields[""]: a property\'s name has 1 to 64 characters'],
    [{ email, tags: "vip" }, 'tags: must be a list, not "vip"'],
    [{ email, tags: [7] }, "tags[0]: must be text, not 7"],
    [{ email, tags: [""] }, "tags[0]: must not be empty"],
    [{ email, tags: ["x".repeat(65)] }, "tags[0]: must have at most 64 characters"],
    [{ email, tags: ["x\n"] }, "tags[0]: must not contain control characters"],
    [
      { email, tagOwnership: "exclusive" },
      'tagOwnership: "exclusive" needs tags: declare them, or an empty list to take all off',
    ],
    [
      { email, tagOwnership: "exclusiv" },
      'tagOwnership: must be "declared" or "exclusive", not "exclusiv"; did you mean "exclusive"?',
    ],
    [{ email, updateMethod: "patch" }, 'updateMethod: must be "upsert" or "put", not "patch"'],
    [{ email, adoptExisting: "yes" }, 'adoptExisting: must be true or false, not "yes"'],
    [{ email, forceDestroy: 1 }, "forceDestroy: must be true or false, not 1"],
    [{ email, tag: ["vip"] }, 'tag: is not known here; did you mean "tags"?'],
    [
      { email, subscribed: true },
      "subscribed: is not known here; known are email, phone, name, fields, tags, tagOwnership, updateMethod, adoptExisting, forceDestroy",
    ],
  ])("%j", (inputs, problem) => {
    expect(problems(inputs)).toEqual([problem]);
    expect(problem).not.toContain("canary");
  });

  test("never repeat a personal value, whatever they are", () => {
    const canary = fc.string({ maxLength: 20 }).map((text) => `canary${text}`);
    const personal = fc.oneof(
      canary,
      fc.array(canary, { maxLength: 2 }),
      fc.constant(7),
      fc.dictionary(fc.string({ maxLength: 4 }), canary, { maxKeys: 2 }),
    );
    const inputs = fc.record(
      { email: personal, phone: personal, name: personal, fields: personal },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(inputs, (each) => {
        expect(problems(each).join("\n")).not.toContain("canary");
      }),
      { numRuns: 1000, seed: 42 },
    );
  });
});

describe("good inputs", () => {
  test.each<unknown>([
    { email },
    { email: " Canary+tag.x@Sub-Domain.Example " },
    { email: "用户名称@canary.example" },
    { email, phone: "", name: "Ω", fields: { Age: 7, Active: true, City: "" }, tags: [] },
    { email, tags: ["two words", "会员"], tagOwnership: "exclusive", updateMethod: "put" },
    { email: UNKNOWN, phone: UNKNOWN, fields: UNKNOWN, tags: [UNKNOWN] },
    { email, fields: { Age: UNKNOWN }, tags: UNKNOWN, tagOwnership: "exclusive" },
  ])("%j", (inputs) => {
    expect(problems(inputs)).toEqual([]);
  });
});

test("what is one person, one value, one set of tags", () => {
  expect(identityOf(" Ada@Example.COM ")).toBe("ada@example.com");
  expect(addressFault(email)).toBeUndefined();
  expect(holdsAddress("contact-ada@example.com-1")).toBe(true);
  expect(holdsAddress("contact-1042@home")).toBe(false);
  expect([sameField("", null), sameField("7", 7), sameField("7.00", "7"), sameField(undefined, "")]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([sameField("7", "8"), sameField("a", "A"), sameField(" ", "0"), sameField("", "0")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(sameTags(["a", "B"], ["b", "A"])).toBe(true);
  expect(sameTags(["a"], ["a", "b"])).toBe(false);
  expect(oddTags(["fine_1", "会员", "two words", "a-b", UNKNOWN])).toEqual(["two words", "a-b"]);
});

test.each([
  ["1234567890123456789", "1234567890123456788", false],
  ["1234567890123456789", "+01234567890123456789.00", true],
  ["-1234567890123456789", "1234567890123456789", false],
  ["0.12345678901234567", "0.12345678901234568", false],
  ["0.12345678901234567", " .1234567890123456700", true],
  ["1e3", "1000", true],
  ["-0.00", "0", true],
])("%j and %j are one value: %s", (one, other, same) => {
  expect(sameField(one, other)).toBe(same);
  const contents = [one, other].map((value) => compared(encode({ fields: { Customer: value } })));
  expect(contents[0] === contents[1]).toBe(same);
});

test("a property may have a name that objects have as well, but not the one JavaScript loses", () => {
  expect(["constructor", "toString", "valueOf"].map(fieldFault)).toEqual([undefined, undefined, undefined]);
  expect(fieldFault("__proto__")).toContain("loses");
});

test("such a property is one that nobody has yet", () => {
  const { wanted, differing } = newTarget({ fields: { constructor: "x", toString: "" } });
  expect(wanted.fields).toEqual({ constructor: "x" });
  expect(differing).toEqual([["fields", "constructor"]]);
  expect(lacking({ fields: { constructor: "x" } }, { clears: [], untags: [] }, nobody)).toEqual([
    ["fields", "constructor"],
  ]);
});
