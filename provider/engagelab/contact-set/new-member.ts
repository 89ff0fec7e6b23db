/**
 * The JSON of a member that has no contact yet, made from its content in one go: a hundred thousand of them pass here,
 * and each step less counts. It is the same text as that of the target a contact would have to become. Pure.
 */
import { NEXT, TAGS, UNIT } from "./content";

export class NewMembers {
  /** The tags of a content as JSON: most are like those of one before. */
  readonly #tags = new Map<string, string>();

  text(email: string, content: string): string {
    const at = content.indexOf(TAGS);
    const end = at < 0 ? content.length : at;
    // One look at all values takes a fraction of a look at each.
    const json = isPlain(content) && isPlain(email) ? quoted : JSON.stringify;
    let text = `{"email":${json(email)}`;
    let fields = "";
    for (let from = 0; from < end; ) {
      const next = content.indexOf(NEXT, from + 1);
      const to = next < 0 ? end : next;
      const kind = content[from + 1];
      const value = content.slice(kind === "f" ? content.indexOf(UNIT, from) + 1 : from + 2, to);
      // What has no value yet needs none taken away.
      if (value !== "") {
        if (kind !== "f") text += `,"${kind === "p" ? "phone" : "name"}":${json(value)}`;
        else {
          const name = content.slice(from + 2, to - value.length - 1);
          fields += `${fields && ","}${json(name)}:${json(value)}`;
        }
      }
      from = to;
    }
    if (fields) text += `,"fields":{${fields}}`;
    return `${text},"tags":${this.#tagsOf(at < 0 ? "" : content.slice(at + 1))}}`;
  }

  #tagsOf(tags: string): string {
    let text = this.#tags.get(tags);
    if (text === undefined) {
      text = JSON.stringify(tags === "" ? [] : tags.split(UNIT));
      this.#tags.set(tags, text);
    }
    return text;
  }
}

/** Whether JSON has it as it is. Contents and addresses hold no control characters but our own between values. */
function isPlain(text: string): boolean {
  return !text.includes('"') && !text.includes("\\") && text.isWellFormed();
}

function quoted(text: string): string {
  return `"${text}"`;
}
