// Holds the engine's message tables and method paths against the classes that both SDKs ship.
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import * as protocol from "../../../provider/engine/protocol.js";

const require = createRequire(__filename);

interface Shipped {
  toObject(): Record<string, unknown>;
  serializeBinary(): Uint8Array;
}
type ShippedClass = { deserializeBinary(bytes: Uint8Array): Shipped };

const struct = { text: "Grüße", number: 1.5, list: [1, null, { a: false }], empty: {} };
const urns = { key: { urns: ["u1", "u2"] } };

/** For each message: where the SDK keeps it, and a value in every field. */
const samples: Record<string, { of: string; value: object }> = {
  DeploymentInfo: {
    of: "resource_pb",
    value: {
      project: "p",
      stack: "s",
      organization: "o",
      configSecretKeys: ["a:b"],
      dryRun: true,
      parallel: 300,
      supportedFeatures: [0, 1],
    },
  },
  SupportsFeatureRequest: { of: "resource_pb", value: { id: "secrets" } },
  SupportsFeatureResponse: { of: "resource_pb", value: { hasSupport: true } },
  RegisterResourceRequest: {
    of: "resource_pb",
    value: {
      type: "t",
      name: "n",
      parent: "p",
      custom: true,
      object: struct,
      protect: false,
      dependencies: ["d"],
      provider: "pr",
      propertyDependencies: urns,
      deleteBeforeReplace: true,
      ignoreChanges: ["i"],
      additionalSecretOutputs: ["s"],
      aliasUrns: ["a"],
      importId: "im",
      customTimeouts: { create: "1m", update: "2m", delete: "3m" },
      deleteBeforeReplaceDefined: true,
      remote: true,
      replaceOnChanges: ["r"],
      retainOnDelete: true,
      packageRef: "pkg",
    },
  },
  RegisterResourceResponse: { of: "resource_pb", value: { urn: "u", id: "i", object: struct, result: 1 } },
  RegisterResourceOutputsRequest: { of: "resource_pb", value: { urn: "u", outputs: struct } },
  ReadResourceRequest: {
    of: "resource_pb",
    value: {
      id: "i",
      type: "t",
      name: "n",
      parent: "p",
      properties: struct,
      dependencies: ["d"],
      provider: "pr",
      additionalSecretOutputs: ["s"],
    },
  },
  ReadResourceResponse: { of: "resource_pb", value: { urn: "u", properties: struct } },
  LogRequest: { of: "engine_pb", value: { severity: 3, message: "m", urn: "u", ephemeral: true } },
  ConfigureRequest: {
    of: "provider_pb",
    value: {
      args: struct,
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
      id: "i",
      urn: "u",
      name: "n",
      type: "t",
    },
  },
  ConfigureResponse: { of: "provider_pb", value: { acceptSecrets: true, supportsPreview: true } },
  CheckRequest: {
    of: "provider_pb",
    value: { urn: "u", olds: struct, news: {}, randomSeed: Buffer.from("seed"), name: "n", type: "t" },
  },
  CheckResponse: { of: "provider_pb", value: { inputs: struct, failures: [{ property: "p", reason: "r" }] } },
  DiffRequest: {
    of: "provider_pb",
    value: {
      id: "i",
      urn: "u",
      olds: struct,
      news: struct,
      ignoreChanges: ["x"],
      oldInputs: struct,
      name: "n",
      type: "t",
    },
  },
  DiffResponse: {
    of: "provider_pb",
    value: {
      replaces: ["r"],
      deleteBeforeReplace: true,
      changes: 2,
      diffs: ["d"],
      detailedDiff: { "a.b": { kind: 3, inputDiff: true } },
      hasDetailedDiff: true,
    },
  },
  CreateRequest: {
    of: "provider_pb",
    value: { urn: "u", properties: struct, timeout: 1.5, preview: true, name: "n", type: "t" },
  },
  CreateResponse: { of: "provider_pb", value: { id: "i", properties: struct } },
  ReadRequest: {
    of: "provider_pb",
    value: { id: "i", urn: "u", properties: struct, inputs: struct, name: "n", type: "t" },
  },
  ReadResponse: { of: "provider_pb", value: { id: "i", properties: struct, inputs: struct } },
  UpdateRequest: {
    of: "provider_pb",
    value: {
      id: "i",
      urn: "u",
      olds: struct,
      news: struct,
      timeout: 60,
      ignoreChanges: ["x"],
      preview: true,
      oldInputs: struct,
      name: "n",
      type: "t",
    },
  },
  UpdateResponse: { of: "provider_pb", value: { properties: struct } },
  DeleteRequest: {
    of: "provider_pb",
    value: { id: "i", urn: "u", properties: struct, timeout: 5, oldInputs: struct, name: "n", type: "t" },
  },
  Status: { of: "status_pb", value: { code: 2, message: "m", details: [{ typeUrl: "t", value: Buffer.from("v") }] } },
  ErrorResourceInitFailed: {
    of: "provider_pb",
    value: { id: "i", properties: struct, reasons: ["r"], inputs: struct },
  },
};

/** Names and values in one form: the classes write `pb_delete`, `xyzList` and `xyzMap`, and a Struct as its inner maps. */
function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  // The oldest SDK lacks some texts, which are empty here.
  const entries = Object.entries(value).filter(([, member]) => member !== "");
  return Object.fromEntries(entries.map(([key, member]) => [key.toLowerCase(), canonical(member)]));
}

/** What the class makes of a message, by the engine's names: only fields that the sample sets. */
function seenByClass(message: Shipped, names: string[]): Record<string, unknown> {
  const getters = Object.getPrototypeOf(message) as Record<string, (this: Shipped) => unknown>;
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const wanted = name.toLowerCase();
    const getter = Object.keys(getters).find((key) =>
      [`get${wanted}`, `get${wanted}list`, `get${wanted}map`].includes(key.toLowerCase().replace("pb_", "")),
    );
    found[name] = getter ? plainOf(getters[getter]?.call(message)) : "no such field";
  }
  return found;
}

function plainOf(value: unknown): unknown {
  const known = value as {
    toJavaScript?(): unknown;
    toObject?(): unknown;
    toArray?(): [string, { toObject(): unknown }][];
  };
  if (typeof known?.toJavaScript === "function") return known.toJavaScript();
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (typeof (value as { entries?: unknown }).entries === "function") {
    const map = value as {
      getEntryList(): [string, unknown][];
      forEach(visit: (member: unknown, key: string) => void): void;
    };
    const found: Record<string, unknown> = {};
    map.forEach((member, key) => {
      found[key] = plainOf(member);
    });
    return found;
  }
  return seenByClass(
    value as Shipped,
    Object.keys((value as Shipped).toObject()).map((key) => key.replace(/^pb_|(List|Map)$/g, "")),
  );
}

for (const sdk of ["@pulumi/pulumi", "pulumi-oldest"]) {
  test.each(Object.entries(samples))(`%s has the fields it has in ${sdk}`, (name, { of, value }) => {
    const table = (
      protocol as unknown as Record<string, { encode(value: object): Buffer; decode(bytes: Buffer): object }>
    )[name]!;
    const shipped = require(`${sdk}/proto/${of}`)[name] as ShippedClass | undefined;
    // The oldest SDK doesn't know this call, and doesn't use it.
    if (name === "DeploymentInfo" && !shipped) return;
    const message = shipped!.deserializeBinary(table.encode(value));
    expect(canonical(seenByClass(message, Object.keys(value)))).toEqual(canonical(value));
    const { replacementTrigger: _, ...back } = table.decode(Buffer.from(message.serializeBinary())) as Record<
      string,
      unknown
    >;
    expect(canonical(back)).toEqual(canonical(value));
  });

  test(`methods have the paths they have in ${sdk}`, () => {
    const shipped = ["resource", "engine", "provider"].flatMap((file) => {
      const services = require(`${sdk}/proto/${file}_grpc_pb`) as Record<string, Record<string, { path?: string }>>;
      return Object.values(services).flatMap((service) => Object.values(service).map(({ path }) => path));
    });
    const ours = [protocol.monitorMethods, protocol.engineMethods, protocol.providerMethods].flatMap((methods) =>
      Object.values(methods),
    );
    const paths = ours
      .map(({ path }) => path)
      .filter((path) => sdk !== "pulumi-oldest" || !path.endsWith("/GetDeploymentInfo"));
    for (const path of paths) expect(shipped).toContain(path);
  });
}

test("the SDK's inner state, which inline runs set, has the expected form", () => {
  const state = require("@pulumi/pulumi/runtime/state");
  state.withLocalStorage(() => {
    expect(state.getStore().settings).toMatchObject({ options: { rootDirectory: expect.any(String) } });
  });
});
