/**
 * The part of Pulumi's gRPC protocol the engine speaks: messages and methods, with the field numbers of the published
 * `.proto` files. A contract test holds every table against the classes that the installed SDKs ship.
 */
import type { Client, ServiceError } from "@grpc/grpc-js";
import {
  bytes,
  type Decoded,
  double,
  each,
  flag,
  integer,
  integers,
  list,
  type Message,
  map,
  message,
  nested,
  optionalFlag,
  struct,
  text,
  texts,
} from "./message.js";

export const Empty = message({});

// ---- ResourceMonitor: what the program calls ------------------------------------------------------------------------

export const DeploymentInfo = message({
  ...each(text, { project: 1, stack: 2, organization: 3 }),
  configSecretKeys: texts(5),
  dryRun: flag(6),
  parallel: integer(7),
  supportedFeatures: integers(8),
});
export const SupportsFeatureRequest = message({ id: text(1) });
export const SupportsFeatureResponse = message({ hasSupport: flag(1) });

const Urns = message({ urns: texts(1) });
const CustomTimeouts = message(each(text, { create: 1, update: 2, delete: 3, read: 4 }));

export const RegisterResourceRequest = message({
  ...each(text, { type: 1, name: 2, parent: 3, provider: 8, importId: 16, packageRef: 33 }),
  ...each(texts, {
    dependencies: 7,
    ignoreChanges: 12,
    additionalSecretOutputs: 14,
    aliasUrns: 15,
    replaceOnChanges: 23,
  }),
  ...each(flag, { custom: 4, deleteBeforeReplace: 10, deleteBeforeReplaceDefined: 18, remote: 20 }),
  ...each(optionalFlag, { protect: 6, retainOnDelete: 25 }),
  object: struct(5),
  propertyDependencies: map(9, Urns),
  customTimeouts: nested(17, CustomTimeouts),
  replacementTrigger: bytes(39),
});
export type RegisterResourceRequest = Decoded<typeof RegisterResourceRequest>;
export const RegisterResourceResponse = message({
  ...each(text, { urn: 1, id: 2 }),
  object: struct(3),
  result: integer(7),
});
export const RegisterResourceOutputsRequest = message({ urn: text(1), outputs: struct(2) });

export const ReadResourceRequest = message({
  ...each(text, { id: 1, type: 2, name: 3, parent: 4, provider: 7 }),
  ...each(texts, { dependencies: 6, additionalSecretOutputs: 10 }),
  properties: struct(5),
});
export type ReadResourceRequest = Decoded<typeof ReadResourceRequest>;
export const ReadResourceResponse = message({ urn: text(1), properties: struct(2) });

const CheckFailure = message({ property: text(1), reason: text(2) });
export const ResourceInvokeRequest = message({ tok: text(1), args: struct(2) });
export const ResourceInvokeResponse = message({ return: struct(1), failures: list(2, CheckFailure) });

// ---- Engine: what program and providers call ------------------------------------------------------------------------

export const LogRequest = message({ severity: integer(1), ...each(text, { message: 2, urn: 3 }), ephemeral: flag(5) });
export const RootResource = message({ urn: text(1) });

// ---- ResourceProvider: what the engine calls ------------------------------------------------------------------------

export const ConfigureRequest = message({
  ...each(text, { id: 7, urn: 8, name: 9, type: 10 }),
  ...each(flag, { acceptSecrets: 3, acceptResources: 4, sendsOldInputs: 5, sendsOldInputsToDelete: 6 }),
  args: struct(2),
});
export const ConfigureResponse = message(each(flag, { acceptSecrets: 1, supportsPreview: 2 }));

export const CheckRequest = message({
  ...each(text, { urn: 1, name: 6, type: 7 }),
  ...each(struct, { olds: 2, news: 3 }),
  randomSeed: bytes(5),
});
export const CheckResponse = message({ inputs: struct(1), failures: list(2, CheckFailure) });

const PropertyDiff = message({ kind: integer(1), inputDiff: flag(2) });
export const DiffRequest = message({
  ...each(text, { id: 1, urn: 2, name: 7, type: 8 }),
  ...each(struct, { olds: 3, news: 4, oldInputs: 6 }),
  ignoreChanges: texts(5),
});
export const DiffResponse = message({
  ...each(texts, { replaces: 1, diffs: 5 }),
  ...each(flag, { deleteBeforeReplace: 3, hasDetailedDiff: 7 }),
  changes: integer(4),
  detailedDiff: map(6, PropertyDiff),
});

export const CreateRequest = message({
  ...each(text, { urn: 1, name: 5, type: 6 }),
  properties: struct(2),
  timeout: double(3),
  preview: flag(4),
});
export const CreateResponse = message({ id: text(1), properties: struct(2) });

export const ReadRequest = message({
  ...each(text, { id: 1, urn: 2, name: 5, type: 6 }),
  ...each(struct, { properties: 3, inputs: 4 }),
});
export const ReadResponse = message({ id: text(1), ...each(struct, { properties: 2, inputs: 3 }) });

export const UpdateRequest = message({
  ...each(text, { id: 1, urn: 2, name: 9, type: 10 }),
  ...each(struct, { olds: 3, news: 4, oldInputs: 8 }),
  timeout: double(5),
  ignoreChanges: texts(6),
  preview: flag(7),
});
export const UpdateResponse = message({ properties: struct(1) });

export const DeleteRequest = message({
  ...each(text, { id: 1, urn: 2, name: 6, type: 7 }),
  ...each(struct, { properties: 3, oldInputs: 5 }),
  timeout: double(4),
});

// ---- Error details --------------------------------------------------------------------------------------------------

const Any = message({ typeUrl: text(1), value: bytes(2) });
export const Status = message({ code: integer(1), message: text(2), details: list(3, Any) });
export const ErrorResourceInitFailed = message({
  id: text(1),
  ...each(struct, { properties: 2, inputs: 4 }),
  reasons: texts(3),
});

// ---- Methods --------------------------------------------------------------------------------------------------------

/** A unary method in the form which both grpc-js's server and its client take. */
export interface Method<Request, Response> {
  path: string;
  requestStream: false;
  responseStream: false;
  requestSerialize(value: Partial<Request>): Buffer;
  requestDeserialize(buffer: Buffer): Request;
  responseSerialize(value: Partial<Response>): Buffer;
  responseDeserialize(buffer: Buffer): Response;
}

function unary<Request, Response>(
  path: string,
  request: Message<Request>,
  response: Message<Response>,
): Method<Request, Response> {
  return {
    path: `/pulumirpc.${path}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}

export const monitorMethods = {
  getDeploymentInfo: unary("ResourceMonitor/GetDeploymentInfo", Empty, DeploymentInfo),
  supportsFeature: unary("ResourceMonitor/SupportsFeature", SupportsFeatureRequest, SupportsFeatureResponse),
  registerResource: unary("ResourceMonitor/RegisterResource", RegisterResourceRequest, RegisterResourceResponse),
  registerResourceOutputs: unary("ResourceMonitor/RegisterResourceOutputs", RegisterResourceOutputsRequest, Empty),
  readResource: unary("ResourceMonitor/ReadResource", ReadResourceRequest, ReadResourceResponse),
  invoke: unary("ResourceMonitor/Invoke", ResourceInvokeRequest, ResourceInvokeResponse),
  signalAndWaitForShutdown: unary("ResourceMonitor/SignalAndWaitForShutdown", Empty, Empty),
};

export const engineMethods = {
  log: unary("Engine/Log", LogRequest, Empty),
  setRootResource: unary("Engine/SetRootResource", RootResource, Empty),
};

export const providerMethods = {
  configure: unary("ResourceProvider/Configure", ConfigureRequest, ConfigureResponse),
  check: unary("ResourceProvider/Check", CheckRequest, CheckResponse),
  diff: unary("ResourceProvider/Diff", DiffRequest, DiffResponse),
  create: unary("ResourceProvider/Create", CreateRequest, CreateResponse),
  read: unary("ResourceProvider/Read", ReadRequest, ReadResponse),
  update: unary("ResourceProvider/Update", UpdateRequest, UpdateResponse),
  delete: unary("ResourceProvider/Delete", DeleteRequest, Empty),
  cancel: unary("ResourceProvider/Cancel", Empty, Empty),
};

/** Messages of any size a resource may have. */
export const channelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** One unary call. Rejects with grpc's `ServiceError` (`code`, `details`, `metadata`). */
export function call<Request, Response>(
  client: Client,
  method: Method<Request, Response>,
  request: Partial<Request>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      (error: ServiceError | null, response?: Response) => (error ? reject(error) : resolve(response as Response)),
    );
  });
}
