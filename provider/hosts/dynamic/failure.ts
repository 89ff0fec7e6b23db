/** How errors leave the host: one readable text, without a stack and without a secret. */
import { JourneysError } from "../../core/errors";
import type { Masking } from "../../core/mask";
import type { JsonObject } from "../../core/values";

/**
 * An error the dynamic host hands to the engine. The engine shows `message` with the resource. The host also prints
 * `${error}: ${error.stack}` for some methods; that line is kept short, since the message says it all.
 */
export class DynamicError extends Error {
  override readonly name = "DynamicError";
  readonly #resource: string;

  constructor(message: string, resource: string, brief: string) {
    super(message);
    this.#resource = resource;
    this.stack = brief;
  }

  override toString(): string {
    return this.#resource;
  }
}

/** The call failed half way: the engine saves id and properties, and the next run updates from there. */
export class InitFailure extends Error {
  override readonly name = "InitFailure";
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    readonly properties: JsonObject,
    text: string,
  ) {
    super(text);
    this.reasons = [text];
  }
}

/** The error said of a resource, with secrets masked. */
export function failureText(error: unknown, resource: string, mask: Masking): string {
  if (error instanceof JourneysError) return mask(error.of(resource).message);
  const fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return mask(
    [
      `${resource}: a fault in pulumi-journeys: ${fault}`,
      "  now:   what was sent before, if anything, is not known here",
      "  next:  run `pulumi refresh` before the next change, and report this text",
    ].join("\n"),
  );
}

export function dynamicError(error: unknown, resource: string, mask: Masking): DynamicError | InitFailure {
  if (error instanceof DynamicError || error instanceof InitFailure) return error;
  const brief = error instanceof JourneysError ? error.code : "a fault";
  return new DynamicError(
    failureText(error, resource, mask),
    mask(resource),
    `${brief}, see the error of this resource`,
  );
}
