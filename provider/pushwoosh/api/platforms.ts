/** Platform names. The methods write them in three ways: upper case, lower case and numbers. */
import { z } from "zod";
import { code } from "./codes";

/** Name → the number that stands for it. The number of email is not documented. */
const codes = {
  ios: 1,
  android: 3,
  osx: 7,
  windows: 8,
  amazon: 9,
  safari: 10,
  chrome: 11,
  firefox: 12,
  ie: 13,
  huawei_android: 17,
  sms: 18,
  xiaomi: 19,
  whatsapp: 21,
} as const;

export const platformNames = z
  .array(code)
  .min(1)
  .optional()
  .describe(
    "Platforms: `ios`, `android`, `osx`, `windows`, `amazon`, `safari`, `chrome`, `firefox`, `ie`, `email`, `huawei_android`, `sms`. Others are passed on as they are. Default: all.",
  );

export const platformCodes = z
  .array(
    z.union([
      z.int().min(0),
      z.string().refine((name) => codeOf(name) !== undefined, {
        message: `is none of ${Object.keys(codes).join(", ")}: give the platform's number`,
      }),
    ]),
  )
  .min(1)
  .optional()
  .describe(
    `Platforms, by name (${Object.keys(codes)
      .map((name) => `\`${name}\``)
      .join(", ")}) or number. Default: all.`,
  );

export function codeOf(platform: string | number): number | undefined {
  if (typeof platform === "number") return platform;
  return Object.entries(codes).find(([name]) => name === platform.toLowerCase())?.[1];
}
