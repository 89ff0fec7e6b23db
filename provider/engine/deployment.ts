/** Pulumi's deployment format, version 3, and its way in and out of memory (where secrets are plain values in wrappers). */
import { createHash } from "node:crypto";
import type { Crypter, SecretsProvider } from "./secrets.js";
import { isSecret, type Props, rewrite, secret, signature } from "./values.js";

/** One resource as the deployment records it. Fields the engine doesn't know are kept as they are. */
export interface Resource {
  urn: string;
  custom: boolean;
  type: string;
  id?: string;
  inputs?: Props;
  outputs?: Props;
  parent?: string;
  /** `<urn>::<id>` of the provider resource. */
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  /** Replaced by a newer resource of the same URN; to be deleted at the end of the next successful run. */
  delete?: boolean;
  /** Deleted already, its replacement not created yet. */
  pendingReplacement?: boolean;
  /** Read (`.get`), not managed. */
  external?: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
  initErrors?: string[];
  additionalSecretOutputs?: string[];
  /** Seconds. */
  customTimeouts?: { create?: number; update?: number; delete?: number; read?: number };
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  [other: string]: unknown;
}

/** A change that had been sent to a provider when the engine was killed. */
export interface PendingOperation {
  resource: Resource;
  type: "creating" | "updating" | "deleting" | "reading";
}

/** What `pulumi stack export` writes and `pulumi stack import` reads. */
export interface UntypedDeployment {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: SecretsProvider;
    resources?: Resource[];
    pending_operations?: PendingOperation[];
    metadata?: Props;
  };
}

export interface State {
  resources: Resource[];
  pending: PendingOperation[];
}

/** Seals and opens resources. An unchanged secret keeps its ciphertext, so that saving the same state gives the same file. */
export class Sealer {
  private readonly known = new Map<string, { text: string; ciphertext: string }>();

  constructor(readonly crypter: Crypter) {}

  seal(resource: Resource): Resource {
    return this.mapValues(resource, (value, place) => {
      const text = JSON.stringify(plainJson(value));
      let entry = this.known.get(place);
      if (entry?.text !== text) {
        entry = { text, ciphertext: this.crypter.encrypt(text) };
        this.known.set(place, entry);
      }
      return { [signature]: value[signature], ciphertext: entry.ciphertext };
    });
  }

  open(resource: Resource): Resource {
    return this.mapValues(resource, (value, place) => {
      if (typeof value.ciphertext !== "string") return secret(JSON.parse(String(value.plaintext)));
      const text = this.crypter.decrypt(value.ciphertext);
      this.known.set(place, { text, ciphertext: value.ciphertext });
      return secret(JSON.parse(text));
    });
  }

  /** Inputs and outputs rewritten; `place` tells the secrets of one resource apart, by their order. */
  private mapValues(resource: Resource, change: (value: Props, place: string) => unknown): Resource {
    const result = { ...resource };
    for (const part of ["inputs", "outputs"] as const) {
      let count = 0;
      if (!resource[part]) continue;
      result[part] = rewrite(resource[part], (value) =>
        isSecret(value) ? { value: change(value, `${resource.urn} ${resource.id} ${part} ${count++}`) } : undefined,
      ) as Props;
    }
    return result;
  }
}

/** A secret inside a secret is encrypted with it and needs no wrapper of its own. */
function plainJson(value: Props): unknown {
  return rewrite(value.value, (part) => (isSecret(part) ? { value: plainJson(part) } : undefined));
}

const engineName = "pulumi-journeys local engine";

export function seal(state: State, sealer: Sealer, time = new Date()): UntypedDeployment {
  const magic = createHash("sha256").update(engineName).digest("hex");
  const pending = state.pending.map((operation) => ({ ...operation, resource: sealer.seal(operation.resource) }));
  return {
    version: 3,
    deployment: {
      manifest: { time: time.toISOString(), magic, version: engineName },
      secrets_providers: sealer.crypter.provider,
      resources: state.resources.map((resource) => sealer.seal(resource)),
      ...(pending.length > 0 ? { pending_operations: pending } : {}),
    },
  };
}

export function open(deployment: UntypedDeployment["deployment"], sealer: Sealer): State {
  return {
    resources: (deployment.resources ?? []).map((resource) => sealer.open(resource)),
    pending: (deployment.pending_operations ?? []).map((operation) => ({
      ...operation,
      resource: sealer.open(operation.resource),
    })),
  };
}

/** Refuses what is not a deployment of version 3. */
export function parseDeployment(value: unknown, origin: string): UntypedDeployment {
  const candidate = value as Partial<UntypedDeployment> | null;
  if (candidate?.version !== 3 || typeof candidate.deployment !== "object") {
    throw new Error(
      `${origin} is not a Pulumi deployment of version 3 ({"version": 3, "deployment": {…}}). Nothing was read from it.`,
    );
  }
  return candidate as UntypedDeployment;
}
