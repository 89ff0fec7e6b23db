/** Gathers members as they are read, with everything that is wrong with them; no reason repeats a value. */
import type { Problem } from "../../core/errors";
import type { Path } from "../../core/values";
import { addressFault, identityOf } from "../contact/address";
import type { Declared } from "../contact/inputs";
import { type Shape, Shapes } from "./shapes";

/** Problems are told up to so many; the rest is counted. */
export const MOST_PROBLEMS = 50;
/** More members than this are another kind of tool's work. */
export const MOST_ROWS = 1_000_000;

/** Where a member stands, for a person: `people.csv, line 17`. */
export type Place = (row: number) => string;

/** The members of a set, read and checked. Lists are by row, in the order of the source. */
export interface Reading {
  readonly count: number;
  /** As spelled, without white space around. */
  readonly emails: readonly string[];
  /** Lower-cased. */
  readonly identities: readonly string[];
  /** The same, each to be found at once. */
  readonly people: ReadonlySet<string>;
  /** What a row declares, with what is common to all: see content.ts. */
  readonly contentOf: (row: number) => string;
  /** What a row declares beside its values: the same object for all rows of one shape. */
  readonly shapeOf: (row: number) => Shape;
  /** The line of the file, or the place in the list. */
  readonly place: Place;
  readonly problems: readonly Problem[];
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256?: string;
}

/** In place of a shape's number: what stands for the content is still a line of the file, known to be good. */
export const UNREAD = -1;

/** What a line declares. */
export interface Content {
  text: string;
  /** The number of its shape. */
  shape: number;
}

export class Rows {
  readonly #emails: string[] = [];
  readonly #identities: string[] = [];
  readonly #contents: string[] = [];
  readonly shapes = new Shapes();
  readonly #shapeNumbers: number[] = [];
  readonly #lines: number[] = [];
  readonly #people = new Set<string>();
  /** Lines of members that had something else wrong. */
  readonly #faulty = new Map<string, number>();
  readonly problems: Problem[] = [];
  #untold = 0;

  /** Reads lines that were put off until somebody asks what their members declare: before that only faults count. */
  readLine: (line: string) => Content = () => {
    throw new Error("nothing was put off");
  };

  constructor(
    /** `line 17`, of a line's number. */
    private readonly nameLine: (line: number) => string,
    /** Where problems of a line are to be shown. */
    private readonly pathOf: (line: number) => Path,
  ) {}

  /**
   * @param content what the member declares; undefined where that was wrong and has been told
   * @param shape the number of its shape, where the caller knows it, or `UNREAD`
   */
  add(line: number, email: string, content: string | undefined, shape?: number): void {
    const fault = addressFault(email);
    if (fault) {
      this.fault(line, "the address", fault);
      return;
    }
    const spelling = email.trim();
    const identity = identityOf(spelling);
    const before = this.#people.size;
    if (this.#people.add(identity).size === before) {
      this.fault(line, "the address", () => `is the same as on ${this.#placeOf(identity)}, letter case aside`);
      return;
    }
    if (content === undefined) {
      this.#faulty.set(identity, line);
      return;
    }
    this.#emails.push(spelling);
    this.#identities.push(identity === spelling ? spelling : identity);
    this.#contents.push(content);
    this.#shapeNumbers.push(shape ?? this.shapes.numberOf(content));
    this.#lines.push(line);
    if (this.#emails.length === MOST_ROWS + 1) this.fault(line, "", `there are more than ${MOST_ROWS} members`);
  }

  /** Where an address came first; looked for only where it is told. */
  #placeOf(identity: string): string {
    return this.nameLine(this.#faulty.get(identity) ?? this.#lines[this.#identities.indexOf(identity)]!);
  }

  /** @param what what is wrong with it: `the address`, `column 3 (phone)`, or nothing for the whole line */
  fault(line: number, what: string, reason: string | (() => string)): void {
    if (this.problems.length >= MOST_PROBLEMS) this.#untold += 1;
    else {
      const place = [this.nameLine(line), what].filter(Boolean).join(", ");
      const text = typeof reason === "string" ? reason : reason();
      this.problems.push({ path: this.pathOf(line), reason: `${place}: ${text}` });
    }
  }

  /** A fault of the source as a whole. */
  general(reason: string): void {
    this.problems.push({ path: this.pathOf(0), reason });
  }

  done(sha256?: string): Reading {
    if (this.#untold > 0) this.general(`and ${this.#untold} more problems like these`);
    const { nameLine, shapes, readLine, problems } = this;
    const [emails, identities, contents] = [this.#emails, this.#identities, this.#contents];
    const lines = Uint32Array.from(this.#lines);
    const shapeNumbers = Int32Array.from(this.#shapeNumbers);
    const contentOf = (row: number) => {
      if (shapeNumbers[row] !== UNREAD) return contents[row]!;
      const { text, shape } = readLine(contents[row]!);
      shapeNumbers[row] = shape;
      contents[row] = text;
      return text;
    };
    const shapeOf = (row: number) => {
      if (shapeNumbers[row] === UNREAD) contentOf(row);
      return shapes.get(shapeNumbers[row]!);
    };
    return {
      count: emails.length,
      emails,
      identities,
      people: this.#people,
      contentOf,
      shapeOf,
      place: (row) => nameLine(lines[row]!),
      problems,
      ...(sha256 && { sha256 }),
    };
  }
}

/** What every member has, under what it declares itself. */
export interface Common {
  fields: NonNullable<Declared["fields"]>;
  tags: readonly string[] | undefined;
  /** Whether a member without tags is one that must have none. */
  isExclusive: boolean;
}

/** The tags of one member: undefined where nothing is said of tags. */
export function tagsOf({ tags, isExclusive }: Common, own: readonly string[] | undefined): string[] | undefined {
  return tags || own || isExclusive ? [...(tags ?? []), ...(own ?? [])] : undefined;
}
