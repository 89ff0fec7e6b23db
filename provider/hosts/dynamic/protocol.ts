/** What Pulumi's dynamic-provider process calls: the methods it knows, with the values as they cross its wire. */
import type { Settings } from "../../core/config";
import type { JsonObject } from "../../core/values";

export interface CheckResult {
  inputs: JsonObject;
  failures: { property: string; reason: string }[];
}

export interface DiffResult {
  /** `undefined` leaves it to the engine's own comparison of inputs, which then also names what changed. */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: false;
}

export interface CallResult {
  id: string;
  outs: JsonObject;
}

/** Without an id: the platform no longer has it. */
export interface ReadResult {
  id?: string;
  props?: JsonObject;
  inputs?: JsonObject;
}

export interface DynamicProvider {
  configure(request: { config: Settings }): Promise<void>;
  check(olds: JsonObject, news: JsonObject): Promise<CheckResult>;
  diff(id: string, olds: JsonObject, news: JsonObject): Promise<DiffResult>;
  create(inputs: JsonObject): Promise<CallResult>;
  read(id: string, props: JsonObject): Promise<ReadResult>;
  update(id: string, olds: JsonObject, news: JsonObject): Promise<{ outs: JsonObject }>;
  delete(id: string, props: JsonObject): Promise<void>;
}
