import type { Answer } from "./exchange";

/** Thrown inside a method to turn the call away; nothing has been changed by then. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super("refused");
  }
}

/** Runs a method and takes the answer of a refusal thrown in it. */
export function answerOrRefusal(method: () => Answer): Answer {
  try {
    return method();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}
