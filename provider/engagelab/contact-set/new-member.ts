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
    let text = `{"email":${JSON.stringify(email)}`;
    let fields = "";
    for (let from = 0; from < end; ) {
      const next = content.indexOf(NEXT, from + 1);
      const to = next < 0 ? end : next;
      const kind = content[from + 1];
      const value = content.slice(kind === "f" ? content.indexOf(UNIT, from) + 1 : from + 2, to);
      // What has no value yet needs none taken away.
      if (value !== "") {
        if (kind !== "f") text += `,"${kind === "p" ? "phone" : "name"}":${JSON.stringify(value)}`;
        else {
          const name = content.slice(from + 2, to - value.length - 1);
          fields += `${fields && ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
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
