/** `journeys contacts …`: what is done once with many contacts, and so has no place in a program. */
import { Command } from "commander";
import { exportCommand } from "./export";
import { purgeCommand } from "./purge";

export function contactsCommand(): Command {
  return new Command("contacts")
    .description("Exports or purges EngageLab contacts.")
    .addCommand(exportCommand())
    .addCommand(purgeCommand());
}
