import type { Answer, RefusalReason } from "../exchange";

/** HTTP status of each gRPC code that the emulator sends. */
const statusOfCode = { 3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 12: 501, 13: 500, 16: 401 } as const;

const codeOfReason = {
  refused: 9,
  unauthenticated: 16,
  forbidden: 7,
  "not found": 5,
  "too many": 8,
  internal: 13,
} as const satisfies Record<RefusalReason, keyof typeof statusOfCode>;

const statusOfReason = {
  refused: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not found": 404,
  "too many": 429,
  internal: 500,
} as const satisfies Record<RefusalReason, number>;

/** The error envelope of the v3 methods. */
export function gatewayError(
  code: keyof typeof statusOfCode,
  message: string,
  status: number = statusOfCode[code],
): Answer {
  const answer: Answer = { status, body: { code, message, details: [] } };
  return code === 16 ? { ...answer, headers: { "www-authenticate": message } } : answer;
}

/** A v3 method's refusal for a general reason. */
export function gatewayRefusal(reason: RefusalReason, message: string): Answer {
  return gatewayError(codeOfReason[reason], message);
}

/** A refusal of the older journey methods. */
export function legacyRefusal(reason: RefusalReason, message: string): Answer {
  return { status: statusOfReason[reason], body: { success: false, message } };
}

/** A refusal of the message statistics. */
export function statisticsRefusal(reason: RefusalReason, message: string): Answer {
  return { status: statusOfReason[reason], body: { error: message } };
}
