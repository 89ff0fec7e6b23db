import { afterEach } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/emulator/index";

export type Body = Record<string, unknown>;

/** An answer as a plain client sees it. */
export interface Seen {
  status: number;
  /** The parsed body, or its text where it is not JSON. */
  body: Body;
  text: string;
  headers: Headers;
}

const running = new Set<Emulator>();

afterEach(async () => {
  await Promise.all([...running].map((emulator) => emulator.close()));
  running.clear();
});

/** Starts an emulator that ends with the test. */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: 1, ...options });
  running.add(emulator);
  return emulator;
}

/** Sends one request; `authorization` undefined leaves the header out. */
export async function send(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  options: { authorization?: string | undefined; text?: string; signal?: AbortSignal } = {},
): Promise<Seen> {
  const authorization = "authorization" in options ? options.authorization : "Api secret";
  const payload = options.text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(emulator.url + path, {
    method,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(payload !== undefined && { "content-type": "application/json" }),
    },
    ...(payload !== undefined && { body: payload }),
    signal: options.signal ?? AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) as Body, text, headers: response.headers };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const gateway = "/api/v3/journeygateway";
const entryId = "aaaaaaaa-0000-4000-8000-000000000001";
const pushId = "aaaaaaaa-0000-4000-8000-000000000002";

/** A definition with an audience entry and a push. */
export function definition(title = "Welcome", further: Body = {}): Body {
  return {
    title,
    params: { application_code: "AAAAA-11111" },
    points: [
      {
        uuid: entryId,
        point_type: "POINT_TYPE_START_BY_SEGMENT",
        point_data: { start_by_segment: { application_code: "AAAAA-11111", filter_code: "F" } },
        outputs: { default: { info: { next_point_uuid: pushId } } },
      },
      { uuid: pushId, title: "Hello", point_type: "POINT_TYPE_SEND_PUSH", point_data: { send_push: { preset: "P" } } },
    ],
    comments: [],
    ...further,
  };
}

export const create = (emulator: Emulator, body: unknown = definition()) => send(emulator, "POST", gateway, body);
export const replace = (emulator: Emulator, id: string, body: unknown) =>
  send(emulator, "PUT", `${gateway}/${id}`, body);
export const move = (emulator: Emulator, action: string, uuid: unknown) =>
  send(emulator, "POST", `${gateway}/${action}`, { uuid });

/** Creates a journey and returns its id. */
export async function created(emulator: Emulator, body: Body = definition()): Promise<string> {
  const answer = await create(emulator, body);
  if (answer.status !== 200) throw new Error(`create was refused: ${answer.text}`);
  return info(answer).uuid as string;
}

export const info = (answer: Seen): Body => answer.body.info as Body;
