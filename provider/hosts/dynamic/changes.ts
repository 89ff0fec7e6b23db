/** Create, update, read and delete: the calls that reach a platform. */
import type { JourneysError } from "../../core/errors";
import { PROVIDER_KEY, passedOnly } from "../../core/passed";
import type { Outcome } from "../../core/resource";
import type { JsonObject } from "../../core/values";
import type { Call } from "./call";
import { failureText, InitFailure } from "./failure";
import type { CallResult, ReadResult } from "./protocol";
import { outputs, pureJson } from "./result";

export async function create(call: Call, inputs: JsonObject): Promise<CallResult> {
  const { resource, desired } = call;
  const outcome = await watched(call, (context) => resource.create(desired, context));
  return result(call, outcome, inputs);
}

export async function update(call: Call, id: string, inputs: JsonObject): Promise<CallResult> {
  const { resource, desired, state } = call;
  const outcome = await watched(call, (context) => resource.update(id, state, desired, context));
  return result(call, outcome, inputs);
}

/** Rebuilds inputs too: where nothing drifted they are the recorded ones, so the next preview finds no change. */
export async function read(call: Call, id: string, props: JsonObject): Promise<ReadResult> {
  const { resource, state } = call;
  const outcome = await watched(call, (context) => resource.read(id, state, context));
  if (!outcome) return {};
  if (outcome.failure) throw outcome.failure;
  claim(call, outcome.id);
  const { properties, failure } = outputs(resource, outcome.state, props, call.passed.secretPaths.length > 0);
  if (failure) throw failure;
  const inputs = pureJson(outcome.inputs ?? resource.appliedInputs(outcome.state)).json as JsonObject;
  return { id: outcome.id, props: properties, inputs: { ...inputs, ...passedOnly(props) } };
}

export async function remove(call: Call, id: string): Promise<void> {
  const { resource, state } = call;
  await watched(call, (context) => resource.delete(id, state, context));
}

/** Runs while the engine is watched: if it goes away nobody waits for the outcome, and no further step is begun. */
function watched<T>({ host, context }: Call, work: (context: Call["context"]) => Promise<T>): Promise<T> {
  return host.watch.during((signal) => work({ ...context, signal }));
}

function result(call: Call, outcome: Outcome<object>, inputs: JsonObject): CallResult {
  const id = String(outcome.id);
  claim(call, id);
  const { properties, failure } = outputs(call.resource, outcome.state, inputs, call.passed.secretPaths.length > 0);
  const failed = outcome.failure ?? failure;
  if (failed) throw initFailure(call, id, properties, inputs, failed);
  return { id, outs: properties };
}

/** The host adds `__provider` to results only; a state saved without it could never be read or deleted again. */
function initFailure(call: Call, id: string, outs: JsonObject, inputs: JsonObject, failed: JourneysError): InitFailure {
  const provider = inputs[PROVIDER_KEY];
  const properties = provider === undefined ? outs : { ...outs, [PROVIDER_KEY]: provider };
  return new InitFailure(id, properties, failureText(failed, call.name, call.mask));
}

function claim({ resource, passed, context }: Call, id: string): void {
  context.runtime.run.claim(resource.kind, id, passed.urn);
}
