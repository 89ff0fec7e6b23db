/**
 * PLACEHOLDERS. The vendor's public documentation names neither the types nor the settings of these points. Copy yours
 * from an API answer: the answer to any create, replace or lifecycle call of a journey you drew in the builder holds
 * each point's `point_type` and `point_data`. The emulator stores whatever it is given.
 */
import type { pushwoosh } from "pulumi-journeys";

type Point = pushwoosh.PointInput;

export const push = (text: string, next: string): Point => ({
  type: "POINT_TYPE_SEND_PUSH",
  role: "message",
  title: "Push",
  data: { send_push: { content: { en: text } } },
  next,
});

export const waitOneDay = (next: string): Point => ({
  type: "POINT_TYPE_PLACEHOLDER_WAIT",
  role: "wait",
  title: "Wait one day",
  data: { placeholder_wait: { duration: "86400s" } },
  next,
});

export const splitOnOpened = (message: string, next: { output1: string; default: string }): Point => ({
  type: "POINT_TYPE_PLACEHOLDER_SPLIT",
  role: "split",
  title: "Opened?",
  data: { placeholder_split: { opened: message } },
  next,
});

export const email = (subject: string, next: string): Point => ({
  type: "POINT_TYPE_PLACEHOLDER_EMAIL",
  role: "message",
  title: "E-mail",
  data: { placeholder_email: { subject } },
  next,
});

export const exit = (): Point => ({
  type: "POINT_TYPE_PLACEHOLDER_EXIT",
  role: "exit",
  title: "Exit",
  data: { placeholder_exit: { reason: "done" } },
});
