import type { Emulator, EmulatorOptions } from "../../../../provider/emulator/index";
import { type Body, created, definition, move, send, start } from "../client";

export const application = "AAAAA-11111";
const points = [
  { uuid: "entry", point_data: { message_bus: {} } },
  { uuid: "push", title: "Hello", point_type: "POINT_TYPE_SEND_PUSH" },
  { uuid: "mail", title: "Letter", point_type: "POINT_TYPE_SEND_EMAIL" },
];
export const post = (emulator: Emulator, path: string, body: unknown) =>
  send(emulator, "POST", `/api/v2/${path}`, body);
export const paths = {
  list: "messages:list",
  totals: "statistics/messages/totalsByIntervals",
  log: "statistics/getMessageLog",
  links: "statistics/emails/linksInteractions",
  devices: "statistics/emails/linksInteractionsDevices",
  bounced: "statistics/emails/bouncedEmails",
};

/** An emulator with a journey that has run for some hours, and its message points' codes. */
export async function running(options: EmulatorOptions = {}, hours = 30) {
  const emulator = await start({ clock: () => new Date("2030-01-01T10:30:00Z"), ...options });
  const id = await created(emulator, definition("Figures", { points }));
  await created(emulator, definition("Draft", { points }));
  await move(emulator, "start", id);
  emulator.advance({ hours });
  const { body } = await send(emulator, "GET", `/api/journey/${id}/statistics/external`);
  const stats = (body.payload as { points: { campaignCode: string; pointStat: Record<string, number> }[] }).points;
  const { items } = (await post(emulator, paths.list, { filters: { application }, params: { with_metrics: true } }))
    .body;
  const [push, mail] = (items as Body[]).map((item, index) => ({
    id: item.id as number,
    code: item.code as string,
    campaign: stats[index]!.campaignCode,
    stat: stats[index]!.pointStat,
    item,
  }));
  return { emulator, id, push: push!, mail: mail! };
}

export const add = (rows: Body[], name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
export const rows = (value: unknown) => value as Body[];
