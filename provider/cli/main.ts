#!/usr/bin/env node
/** `journeys …`: one thin file per command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { contactsCommand } from "./contacts/contacts";
import { emulateCommand } from "./emulate";
import { statsCommand } from "./stats";

const program = new Command("journeys")
  .description("Tools beside the Pulumi provider pulumi-journeys.")
  .version(JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")).version)
  .addCommand(contactsCommand())
  .addCommand(emulateCommand())
  .addCommand(statsCommand());

// Whoever read the output (a pager, `head`) may want no more of it. What was begun goes on to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
