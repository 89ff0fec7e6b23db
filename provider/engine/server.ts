/** The gRPC server of one operation: the resource monitor and the engine service, as the SDK and providers call them. */
import { stripVTControlCharacters } from "node:util";
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
    ? (request: Request) => Promise<Partial<Response>>
    : never;
};

/** Answers the program. `finish` is called when it says that it has registered everything. */
function monitorHandlers(run: Run, steps: Steps, finish: () => Promise<void>): Handlers<typeof monitorMethods> {
  const { project, stack, parallel, config } = run.settings;
  return {
    getDeploymentInfo: async () => ({
      project,
      stack,
      organization,
      dryRun: run.preview,
      parallel,
      configSecretKeys: Object.keys(config).filter((key) => config[key]?.secret),
      supportedFeatures: Object.values(features),
    }),
    supportsFeature: async ({ id }) => ({ hasSupport: Object.hasOwn(features, id) }),
    registerResource: (request) => steps.register(request),
    registerResourceOutputs: async ({ urn, outputs }) => {
      await steps.registerOutputs(urn, outputs ?? {});
      return {};
    },
    readResource: async (request) => {
      const { urn, object } = await steps.read(request);
      return { urn, properties: object };
    },
    invoke: async ({ tok, args }) => {
      if (tok === "pulumi:pulumi:getResource") return { return: steps.describe(String(args?.urn)) };
      throw notSupported(
        `The function "${tok}" can't be called: the local engine runs dynamic resources only, which have no functions.`,
      );
    },
    signalAndWaitForShutdown: async () => {
      await finish();
      return {};
    },
  };
}

function engineHandlers(run: Run): Handlers<typeof engineMethods> {
  let root = "";
  return {
    log: async ({ severity, message, urn, ephemeral }) => {
      const known = severities[severity];
      // After a failure the SDK complains about its closed channel; the cause has been reported.
      if (known && !ephemeral && !run.failed) {
        run.report({ severity: known, message: stripVTControlCharacters(message), ...(urn ? { urn } : {}) });
      }
      return {};
    },
    getRootResource: async () => ({ urn: root }),
    setRootResource: async ({ urn }) => {
      root = urn;
      return {};
    },
  };
}

/** The name of the only organization that a file backend has. */
export const organization = "organization";

const notSupported = (details: string) => Object.assign(new Error(details), { code: status.UNIMPLEMENTED, details });

export class EngineServer {
  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  /** Listens on a free port of the loopback interface. The services are added afterwards: they need the address. */
  static async listen(): Promise<EngineServer> {
    const server = new Server({ ...channelOptions, "grpc.server_max_unrequested_time_in_server": 30 * 60 });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return new EngineServer(server, `127.0.0.1:${port}`);
  }

  serve(run: Run, steps: Steps, finish: () => Promise<void>): void {
    this.add(run, monitorMethods, monitorHandlers(run, steps, finish));
    this.add(run, engineMethods, engineHandlers(run));
  }

  close(): void {
    this.server.forceShutdown();
  }

  private add<Methods extends object>(run: Run, methods: Methods, handlers: Handlers<Methods>): void {
    const implementation = Object.entries(handlers).map(([name, handler]) => {
      const handle = handler as (request: unknown) => Promise<unknown>;
      const answer = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
        handle(call.request).then(
          (response) => callback(null, response),
          (error) => callback(refusal(run, error)),
        );
      };
      return [name, answer];
    });
    this.server.addService(methods as Parameters<Server["addService"]>[0], Object.fromEntries(implementation));
  }
}

/** After a failure every call ends as "unavailable", which the SDK takes as the engine going away and says nothing more about. */
function refusal(run: Run, error: unknown): Partial<ServiceError> {
  const known = error as Partial<ServiceError>;
  if (known.code === status.UNIMPLEMENTED) return known;
  if (!(error instanceof Abandoned)) run.fail(messageOf(error));
  return { code: status.UNAVAILABLE, details: "The deployment was stopped after an error." };
}
