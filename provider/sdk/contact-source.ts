/** The file behind a contact set, as the program finds it: its digest is an input, so that another content is a change. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import * as pulumi from "@pulumi/pulumi";

interface Sourced {
  source?: pulumi.Input<{ file: pulumi.Input<string> }>;
}

export function withSourceDigest<Args extends Sourced>(args: Args): Args {
  if (args.source === undefined) return args;
  const file = pulumi.output(args.source).apply((source) => source?.file);
  return { ...args, sourceDigest: file.apply((path) => (path === undefined ? undefined : digestOf(path))) };
}

/** Nothing for a file that can't be read: the provider says so, with all that is wrong. */
async function digestOf(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(resolve(file)), hash);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}
