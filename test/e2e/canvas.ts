// Small journeys to declare, and how the emulator's copy is compared with a declaration.
import { randomUUID } from "node:crypto";
import type { pushwoosh } from "../../provider";
import type { Emulator, JourneyBehind, JourneySnapshot } from "../../provider/emulator";

export const applicationCode = "SHOP0-00001";

/** An entry, a push and an exit; `text` is what an edit changes. */
export function canvas(text = "Hello"): Record<string, pushwoosh.PointInput> {
  return {
    entry: {
      type: "POINT_TYPE_START_BY_SEGMENT",
      data: { start_by_segment: { application_code: applicationCode, filter_code: "SEGME-00001" } },
      next: "hello",
    },
    hello: {
      type: "POINT_TYPE_SEND_PUSH",
      title: "Hello",
      data: { send_push: { content: { en: text } } },
      next: "done",
    },
    done: { type: "POINT_TYPE_EXIT", role: "exit", data: { exit: { reason: "done" } } },
  };
}

/** The inputs of a journey that may be edited and deleted. */
export function inputs(title: string, more: Partial<pushwoosh.JourneyArgs> = {}, text?: string): pushwoosh.JourneyArgs {
  return {
    title,
    applicationCode,
    editWhileRunning: "pause-and-resume",
    forceDestroy: true,
    points: canvas(text),
    ...more,
  };
}

/** The text of the push as the platform has it. */
export function textOf({ points }: JourneySnapshot): string | undefined {
  const push = points.find(({ point_type }) => point_type === "POINT_TYPE_SEND_PUSH");
  const data = push?.point_data as { send_push?: { content?: { en?: string } } } | undefined;
  return data?.send_push?.content?.en;
}

/** The ids of all points, in the order of their types. */
export function idsOf({ points }: JourneySnapshot): string[] {
  return points.map(({ point_type, uuid }) => `${point_type} ${uuid}`).sort();
}

/** A draft of the same canvas that somebody built on the platform. */
export function buildOutside(emulator: Emulator, title: string): JourneyBehind {
  const uuid: Record<string, string> = {};
  const points = Object.entries(canvas());
  for (const [name] of points) uuid[name] = randomUUID();
  emulator.behind.createJourney({
    title,
    params: { application_code: applicationCode },
    points: points.map(([name, { type, data, title: label, next }]) => ({
      uuid: uuid[name],
      point_type: type,
      point_data: data as Record<string, unknown>,
      ...(label !== undefined && { title: label }),
      ...(typeof next === "string" && { outputs: { default: { info: { next_point_uuid: uuid[next] } } } }),
    })),
  });
  return emulator.behind.journey(title);
}
