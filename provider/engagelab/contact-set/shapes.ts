/** What rows declare beside their values: most rows of a list share one shape. Pure. */
import { attributesOf, shapeOf } from "./content";
import { flag, type Names } from "./entry";

export interface Shape {
  /** A sum of `flag`. */
  flags: number;
  names: Names;
}

/** The shapes of a list's rows, numbered as they come. */
export class Shapes {
  readonly #numbers = new Map<string, number>();
  readonly #shapes: Shape[] = [];

  numberOf(content: string): number {
    const key = shapeOf(content);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const { phone, name, fields, tags } = attributesOf(content);
    const flags = (phone ? flag.phone : 0) | (name ? flag.name : 0) | (tags ? flag.tags : 0);
    const number = this.#shapes.push({ flags, names: { fields, tags: tags ?? [] } }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  get(number: number): Shape {
    return this.#shapes[number]!;
  }
}
