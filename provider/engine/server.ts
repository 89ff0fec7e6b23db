/** The gRPC server of one operation: the resource monitor and the engine service, as the SDK and providers call them. */
import { promisify, stripVTControlCharacters } from "node:util";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import type { Diagnostic } from "./events.js";
import { channelOptions, engineMethods, type Method, monitorMethods } from "./protocol.js";
import { Abandoned, messageOf, type Run } from "./run.js";
import { organization, sdkConfig } from "./sdk.js";
import type { Steps } from "./steps.js";

/**
 * What the SDK is told that the engine can do, by the number and by the older name. It is all that is implemented: with anything
 * else the SDK tells the user that the engine is too old for it. Without "aliasSpecs" the SDK turns aliases of every form,
 * inherited ones included, into URNs.
 */
const features = { secrets: 0, resourceReferences: 1 };

/** The severities of `LogRequest`. */
const severities: (Diagnostic["severity"] | undefined)[] = [undefined, "info", "warning", "error"];

type Handlers<Methods> = {
  [K in keyof Methods]: Methods[K] extends Method<infer Request, infer Response>
    ? (request: Request) => Promise<Partial<Response>> | Promise<void>
    : never;
};

/** Answers the program. */
function monitorHandlers(run: Run, steps: Steps): Handlers<typeof monitorMethods> {
  const { project, stack, parallel, config } = run.settings;
  return {
    getDeploymentInfo: async () => ({
      project,
      stack,
      organization,
      dryRun: run.preview,
      parallel,
      configSecretKeys: sdkConfig(config).secretKeys,
      supportedFeatures: Object.values(features),
    }),
    supportsFeature: async ({ id }) => ({ hasSupport: Object.hasOwn(features, id) }),
    registerResource: (request) => steps.register(request),
    registerResourceOutputs: ({ urn, outputs }) => steps.registerOutputs(urn, outputs ?? {}),
    readResource: (request) => steps.read(request),
    invoke: async ({ tok, args }) => {
      if (tok === "pulumi:pulumi:getResource") return { return: steps.describe(String(args?.urn)) };
      throw notSupported(
        `The function "${tok}" can't be called: the local engine runs dynamic resources only, which have no functions.`,
      );
    },
    signalAndWaitForShutdown: () => steps.finish(),
  };
}

function engineHandlers(run: Run): Handlers<typeof engineMethods> {
  return {
    log: async ({ severity, message, urn, ephemeral }) => {
      const known = severities[severity];
      // After a failure the SDK complains about its closed channel; the cause has been reported.
      if (known && !ephemeral && !run.failed) {
        run.report({ severity: known, message: stripVTControlCharacters(message), ...(urn ? { urn } : {}) });
      }
    },
    setRootResource: async () => {},
  };
}

const notSupported = (details: string) => Object.assign(new Error(details), { code: status.UNIMPLEMENTED, details });

/** Listens on a free port of the loopback interface. The services are added afterwards: they need the address. */
export async function listen(): Promise<{ server: Server; address: string }> {
  const server = new Server({ ...channelOptions, "grpc.server_max_unrequested_time_in_server": 30 * 60 });
  const bind = promisify(server.bindAsync.bind(server));
  return { server, address: `127.0.0.1:${await bind("127.0.0.1:0", ServerCredentials.createInsecure())}` };
}

export function serve(server: Server, run: Run, steps: Steps): void {
  addService(server, run, monitorMethods, monitorHandlers(run, steps));
  addService(server, run, engineMethods, engineHandlers(run));
}

function addService<Methods extends object>(server: Server, run: Run, methods: Methods, handlers: Handlers<Methods>) {
  const implementation = Object.entries(handlers).map(([name, handler]) => {
    const handle = handler as (request: unknown) => Promise<object | undefined>;
    const answer = ({ request }: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) =>
      handle(request).then(
        (response) => callback(null, response ?? {}),
        (error) => callback(refusal(run, error)),
      );
    return [name, answer];
  });
  server.addService(methods as Parameters<Server["addService"]>[0], Object.fromEntries(implementation));
}

/** After a failure every call ends as "unavailable", which the SDK takes as the engine going away and says nothing more about. */
function refusal(run: Run, error: unknown): Partial<ServiceError> {
  const known = error as Partial<ServiceError>;
  if (known.code === status.UNIMPLEMENTED) return known;
  if (!(error instanceof Abandoned)) run.fail(messageOf(error));
  return { code: status.UNAVAILABLE, details: "The deployment was stopped after an error." };
}
