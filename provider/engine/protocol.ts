/**
 * The part of Pulumi's gRPC protocol the engine speaks: messages and methods, with the field numbers of the published
 * `.proto` files. A contract test holds every table against the classes that the installed SDKs ship.
 */
import type { Client, ServiceError } from "@grpc/grpc-js";
import {
  bytes,
  type Decoded,
  double,
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
  project: text(1),
  stack: text(2),
  organization: text(3),
  configSecretKeys: texts(5),
  dryRun: flag(6),
  parallel: integer(7),
  supportedFeatures: integers(8),
});
export const SupportsFeatureRequest = message({ id: text(1) });
export const SupportsFeatureResponse = message({ hasSupport: flag(1) });

const Urns = message({ urns: texts(1) });
const CustomTimeouts = message({ create: text(1), update: text(2), delete: text(3), read: text(4) });

export const RegisterResourceRequest = message({
  type: text(1),
  name: text(2),
  parent: text(3),
  custom: flag(4),
  object: struct(5),
  protect: optionalFlag(6),
  dependencies: texts(7),
  provider: text(8),
  propertyDependencies: map(9, Urns),
  deleteBeforeReplace: flag(10),
  ignoreChanges: texts(12),
  additionalSecretOutputs: texts(14),
  aliasUrns: texts(15),
  importId: text(16),
  customTimeouts: nested(17, CustomTimeouts),
  deleteBeforeReplaceDefined: flag(18),
  remote: flag(20),
  replaceOnChanges: texts(23),
  retainOnDelete: optionalFlag(25),
  packageRef: text(33),
  replacementTrigger: bytes(39),
});
export type RegisterResourceRequest = Decoded<typeof RegisterResourceRequest>;
export const RegisterResourceResponse = message({ urn: text(1), id: text(2), object: struct(3), result: integer(7) });
export const RegisterResourceOutputsRequest = message({ urn: text(1), outputs: struct(2) });

export const ReadResourceRequest = message({
  id: text(1),
  type: text(2),
  name: text(3),
  parent: text(4),
  properties: struct(5),
  dependencies: texts(6),
  provider: text(7),
  additionalSecretOutputs: texts(10),
});
export type ReadResourceRequest = Decoded<typeof ReadResourceRequest>;
export const ReadResourceResponse = message({ urn: text(1), properties: struct(2) });

const CheckFailure = message({ property: text(1), reason: text(2) });
export const ResourceInvokeRequest = message({ tok: text(1), args: struct(2) });
export const ResourceInvokeResponse = message({ return: struct(1), failures: list(2, CheckFailure) });

// ---- Engine: what program and providers call ------------------------------------------------------------------------

export const LogRequest = message({ severity: integer(1), message: text(2), urn: text(3), ephemeral: flag(5) });
export const RootResource = message({ urn: text(1) });

// ---- ResourceProvider: what the engine calls ------------------------------------------------------------------------

export const ConfigureRequest = message({
  args: struct(2),
  acceptSecrets: flag(3),
  acceptResources: flag(4),
  sendsOldInputs: flag(5),
  sendsOldInputsToDelete: flag(6),
  id: text(7),
  urn: text(8),
  name: text(9),
  type: text(10),
});
export const ConfigureResponse = message({ acceptSecrets: flag(1), supportsPreview: flag(2) });

export const CheckRequest = message({
  urn: text(1),
  olds: struct(2),
  news: struct(3),
  randomSeed: bytes(5),
  name: text(6),
  type: text(7),
});
export const CheckResponse = message({ inputs: struct(1), failures: list(2, CheckFailure) });

const PropertyDiff = message({ kind: integer(1), inputDiff: flag(2) });
export const DiffRequest = message({
  id: text(1),
  urn: text(2),
  olds: struct(3),
  news: struct(4),
  ignoreChanges: texts(5),
  oldInputs: struct(6),
  name: text(7),
  type: text(8),
});
export const DiffResponse = message({
  replaces: texts(1),
  deleteBeforeReplace: flag(3),
  changes: integer(4),
  diffs: texts(5),
  detailedDiff: map(6, PropertyDiff),
  hasDetailedDiff: flag(7),
});

export const CreateRequest = message({
  urn: text(1),
  properties: struct(2),
  timeout: double(3),
  preview: flag(4),
  name: text(5),
  type: text(6),
});
export const CreateResponse = message({ id: text(1), properties: struct(2) });

export const ReadRequest = message({
  id: text(1),
  urn: text(2),
  properties: struct(3),
  inputs: struct(4),
  name: text(5),
  type: text(6),
});
export const ReadResponse = message({ id: text(1), properties: struct(2), inputs: struct(3) });

export const UpdateRequest = message({
  id: text(1),
  urn: text(2),
  olds: struct(3),
  news: struct(4),
  timeout: double(5),
  ignoreChanges: texts(6),
  preview: flag(7),
  oldInputs: struct(8),
  name: text(9),
  type: text(10),
});
export const UpdateResponse = message({ properties: struct(1) });

export const DeleteRequest = message({
  id: text(1),
  urn: text(2),
  properties: struct(3),
  timeout: double(4),
  oldInputs: struct(5),
  name: text(6),
  type: text(7),
});

// ---- Error details --------------------------------------------------------------------------------------------------

const Any = message({ typeUrl: text(1), value: bytes(2) });
export const Status = message({ code: integer(1), message: text(2), details: list(3, Any) });
export const ErrorResourceInitFailed = message({
  id: text(1),
  properties: struct(2),
  reasons: texts(3),
  inputs: struct(4),
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
  getRootResource: unary("Engine/GetRootResource", Empty, RootResource),
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
