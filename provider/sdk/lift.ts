/** The Output forms of functions that read. */
import * as pulumi from "@pulumi/pulumi";

/** Arguments any of which may be an Output. */
export type Lifted<Args> = { [Name in keyof Args]: pulumi.Input<Args[Name]> };

/** The Output form of a function: `personal` results are secret, whatever the arguments are. */
export function lift<Args, Result>(
  call: (args: Args) => Promise<Result>,
  args: pulumi.Input<Lifted<Args>>,
  personal = false,
): pulumi.Output<Result> {
  const given: pulumi.Output<unknown> = pulumi.output(withoutDates(args) as object);
  const result: pulumi.Output<unknown> = given.apply((known) => call(known as Args));
  return (personal ? pulumi.secret(result) : result) as unknown as pulumi.Output<Result>;
}

/** Pulumi takes a `Date` for an empty object: its text says the same. */
export function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (pulumi.Output.isInstance(value)) return value.apply(withoutDates);
  if (value instanceof Promise) return value.then(withoutDates);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutDates(member)]));
}
