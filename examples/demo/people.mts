/** People in and out of a journey, and its figures. */
import type { Engine } from "pulumi-journeys/testing";
import { Telling, told } from "./telling.mts";

export async function people(engine: Engine): Promise<Telling["findings"]> {
  const tell = await Telling.open(engine, "lifecycle-operations", { applicationCode: "DEMO0-00001" }, {});
  const entered = () => tell.emulator.pushwoosh.entries().flatMap(({ users }) => users ?? []);
  try {
    const preview = await tell.act("Preview: three people would enter", "preview");
    tell.expect(
      "the preview says how many, and calls nobody",
      told(preview, "enter 3 people") && preview.calls.length === 0,
    );
    const first = await tell.act("Up: a journey, three people in, one out, figures", "up");
    tell.expect("three entered, once", first.result.ok && entered().join() === "user-1,user-2,user-3");
    tell.expect("one taken out", tell.emulator.pushwoosh.removals().length === 1);
    tell.expect("figures are a stack output", first.result.outputs.figures?.value !== undefined);
    tell.expect("nobody is named in what was printed", !tell.named(["user-1", "user-2", "user-3"]));

    const again = await tell.act("Up again", "up");
    tell.expect("nobody enters again", again.result.ok && again.writes.length === 0 && entered().length === 3);

    tell.example.edit("index.ts", '"user-3"]', '"user-3", "user-4"]');
    const longer = await tell.act("A longer list, the same trigger", "up");
    tell.expect("nobody enters: only a trigger does that", longer.result.ok && entered().length === 3);
    tell.expect("and the block says so", told(longer, "warning"));

    const destroyed = await tell.act("Destroy", "destroy");
    tell.expect("only the journey is touched", destroyed.writes.join() === "journey.finish,journey.archive");
    return tell.findings;
  } finally {
    await tell.close();
  }
}
