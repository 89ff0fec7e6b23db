/** A journey's life: deploy, edit while running, drift, refusals, destroy. */
import type { Engine } from "pulumi-journeys/testing";
import { failedWith, Telling, told } from "./telling.mts";

export async function journeys(engine: Engine): Promise<Telling["findings"]> {
  const tell = await Telling.open(
    engine,
    "welcome-series",
    { applicationCode: "DEMO0-00001", segment: "SEGME-00001", "journeys:pushwooshUseUndocumentedList": true },
    { pushwoosh: { list: "on" } },
  );
  const live = () => tell.emulator.pushwoosh.journeys().find(({ status }) => status !== "STATUS_ARCHIVED");
  try {
    await deploy(tell, live);
    await disturb(tell, live);
    await destroy(tell, live);
    return tell.findings;
  } finally {
    await tell.close();
  }
}

type Live = () => ReturnType<Telling["emulator"]["pushwoosh"]["journeys"]>[number] | undefined;

async function deploy(tell: Telling, live: Live): Promise<void> {
  const preview = await tell.act("Preview: what would happen", "preview");
  tell.expect("the preview makes no call", preview.result.ok && preview.calls.length === 0);

  const first = await tell.act("Up: create the journey and start it", "up");
  tell.expect("one create, one start", first.result.ok && first.writes.join() === "journey.create,journey.start");
  tell.expect("the journey runs", live()?.status === "STATUS_RUNNING");

  const again = await tell.act("Up again", "up");
  tell.expect(
    "a second up changes nothing",
    again.result.ok && again.writes.length === 0 && again.result.changed === 0,
  );

  const ids = JSON.stringify(live()?.points.map(({ uuid }) => uuid));
  tell.example.edit("index.ts", "Hello! Good to have you here.", "Hello! Lovely to have you here.");
  const seen = await tell.act("Edit the push while the journey runs: preview", "preview");
  const changed = seen.result.steps.find(({ name }) => name === "welcome")?.changes ?? [];
  tell.expect("the preview shows one changed value", changed.length === 1);
  tell.expect(
    "and three steps: pause, replace definition, start",
    ["pause", "replace definition", "start"].every((step) => told(seen, step)),
  );
  tell.expect("and makes no call", seen.calls.length === 0);
  const edited = await tell.act("Apply the edit", "up");
  tell.expect(
    "pause, replace, start; nothing else",
    edited.writes.join() === "journey.pause,journey.update,journey.start",
  );
  tell.expect("every point kept its id", ids === JSON.stringify(live()?.points.map(({ uuid }) => uuid)));
}

/** Other people act in the builder. */
async function disturb(tell: Telling, live: Live): Promise<void> {
  tell.emulator.behind.journey("Welcome series").pause();
  const refreshed = await tell.act("Somebody pauses it in the builder: refresh", "refresh");
  tell.expect(
    "the refresh shows the pause and writes nothing",
    refreshed.result.changed === 1 && refreshed.writes.length === 0,
  );
  const resumed = await tell.act("Up restores the declared state", "up");
  tell.expect("one start", resumed.result.ok && resumed.writes.join() === "journey.start");

  tell.emulator.behind.journey("Welcome series").edit((journey) => {
    const point = journey.points.find(({ point_type }) => point_type === "POINT_TYPE_SEND_PUSH");
    if (point) point.point_data = { send_push: { content: { en: "A marketer's better words" } } };
  });
  tell.example.edit("index.ts", "Did you miss our hello?", "Did you miss our first hello?");
  const refused = await tell.act(
    "Somebody edits the push in the builder; meanwhile the program changes the e-mail",
    "up",
  );
  tell.expect(
    "the outside edit is seen and nothing is replaced",
    failedWith(refused, "edited-outside") && !refused.writes.includes("journey.update"),
  );
  tell.expect("the journey runs on", live()?.status === "STATUS_RUNNING");
  tell.example.edit("index.ts", 'status: "running",', 'status: "running",\n  overwriteOutsideEdits: true,');
  const overwritten = await tell.act("With consent: overwriteOutsideEdits", "up");
  tell.expect(
    "now it is replaced",
    overwritten.result.ok && overwritten.writes.join() === "journey.pause,journey.update,journey.start",
  );
  tell.example.edit("index.ts", "\n  overwriteOutsideEdits: true,", "");
}

async function destroy(tell: Telling, live: Live): Promise<void> {
  tell.example.edit("index.ts", 'status: "running"', 'status: "draft"');
  const illegal = await tell.act("An illegal move: back to draft", "up");
  tell.expect("refused before any call", failedWith(illegal, "illegal-move") && illegal.writes.length === 0);
  tell.example.edit("index.ts", 'status: "draft"', 'status: "running"');

  const kept = await tell.act("Destroy without consent", "destroy");
  tell.expect(
    "refused: a journey that ran needs forceDestroy",
    failedWith(kept, "forceDestroy") && kept.writes.length === 0,
  );
  tell.example.edit("index.ts", 'status: "running",', 'status: "running",\n  forceDestroy: true,');
  const consent = await tell.act("Consent gets into the state first", "up");
  tell.expect("without any call", consent.result.ok && consent.writes.length === 0);
  const destroyed = await tell.act("Destroy", "destroy");
  tell.expect(
    "finish, then archive",
    destroyed.result.ok && destroyed.writes.join() === "journey.finish,journey.archive",
  );
  tell.expect("nothing is left", live() === undefined);
}
