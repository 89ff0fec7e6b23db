/** Kinds of contact properties, by the number the platform gives them. */
export const propertyTypes = ["text", "number", "date", "birthday", "dropdown"] as const;

export type PropertyType = (typeof propertyTypes)[number];

/** A property that contacts may have a value of. */
export interface Property {
  readonly id: number;
  readonly name: string;
  readonly type: PropertyType;
  readonly visible: boolean;
  /** Numbers: `0`, `.0`, `.00`. Dates: `MM/DD/YYYY`, `DD/MM/YYYY`. Birthdays: `MM/DD`, `DD/MM`. */
  readonly format?: string;
  /** The values of a dropdown. */
  readonly options?: readonly string[];
}

/** Names a property of one's own can't have, in whatever letter case. */
export const systemNames = [
  "Email",
  "Name",
  "Phone",
  "tag",
  "campaign",
  "segment",
  "domain",
  "createTime",
  "updateTime",
  "unsubscribeTime",
] as const;

/** Most properties an account can have; Email, Name and Phone count. */
const most = 50;
const alwaysThere = 3;

const usual: readonly Omit<Property, "id">[] = [
  { name: "Gender", type: "text", visible: true },
  { name: "Birthday", type: "birthday", visible: true, format: "MM/DD" },
  { name: "Age", type: "number", visible: true, format: "0" },
];

/** The properties of one account, besides Email, Name and Phone. */
export class ContactProperties {
  private readonly byName = new Map<string, Property>();

  constructor(private readonly predefined: "usual" | "none") {
    this.clear();
  }

  get full(): boolean {
    return this.byName.size + alwaysThere >= most;
  }

  all(): readonly Property[] {
    return [...this.byName.values()];
  }

  named(name: string): Property | undefined {
    return this.byName.get(name);
  }

  create(property: Omit<Property, "id">): Property {
    const created = { ...property, id: this.byName.size + alwaysThere + 1 };
    this.put(created);
    return created;
  }

  put(property: Property): void {
    this.byName.set(property.name, property);
  }

  /** Back to the properties an account begins with. */
  clear(): void {
    this.byName.clear();
    if (this.predefined === "usual") for (const property of usual) this.create(property);
  }
}
