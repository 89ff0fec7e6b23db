/** Conditions as they are written on a command line: `Email contain @example.org`. Faults never repeat what was given. */
import { invalidInput } from "../../core/errors";
import { parsed } from "../../core/validate";
import { type Condition, conditionShape, operators } from "../../engagelab/api/condition";

const longestFirst = [...operators].sort((one, other) => other.length - one.length);
const signs = longestFirst.filter((operator) => /^\W+$/.test(operator));
const words = longestFirst.filter((operator) => !signs.includes(operator));
/** Signs need no room around them; words do, since a property's name may hold one. */
const form = new RegExp(`^\\s*(.+?)(?:\\s*(${signs.join("|")})\\s*(.*)|\\s+(${words.join("|")})(?:\\s+(.*)|$))$`, "s");

/** @throws JourneysError `invalid-input` */
export function readConditions(texts: readonly string[], relation: "and" | "or"): Condition {
  const items = texts.map((text, index) => {
    const [, field = "", sign, compared, word, rest] = form.exec(text) ?? [];
    const operator = sign ?? word;
    if (operator === undefined) {
      const reason = `must be a field, an operator (${operators.join(", ")}) and what to compare with`;
      throw invalidInput("contacts purge", [{ path: ["where", index], reason }]);
    }
    return { field: field.trim(), operator, value: (compared ?? rest ?? "").trim() };
  });
  return parsed("contacts purge", conditionShape, { relation, items });
}
