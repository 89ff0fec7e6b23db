/** The forms in which codes and ids are given. What no code can be is told before anything is sent. */
import { z } from "zod";

/** A code, an id or an expression: not blank, and nothing in it that can't be seen. */
export const code = z
  .string()
  .min(1, { abort: true })
  .refine((text) => text.trim() !== "" && !/\p{Cc}/u.test(text), {
    message: "must not be blank or hold control characters",
  });

/** A 64-bit number. */
export const messageId = z.union([
  z.int().min(0),
  z.string().regex(/^\d{1,20}$/, { message: "must be a whole number of at most 20 digits" }),
]);
