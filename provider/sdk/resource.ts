/**
 * The classes a program holds. They are thin: they name the resource to the engine, name the provider that runs it, and
 * pass on what the engine won't tell that provider (its URN, which inputs are secret). Nothing is checked here but what
 * the provider could not even be asked.
 */
import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_KEY, passedKeys } from "../core/passed";
import { dynamicType, providerText } from "./dynamic";
import { secretPaths } from "./secret-paths";

export interface ClassDeclaration<Args> {
  /** `pushwoosh-journey`: the provider's permanent sub-path. */
  kind: string;
  /** `journeys:pushwoosh:Journey`. */
  token: string;
  outputs: readonly string[];
  /** What adopts an existing object, for the error of `import:`. */
  instead: string;
  /** Inputs that hold personal data: secret whatever the program says of them. */
  secretInputs?: readonly (keyof Args & string)[];
  /** Inputs a program may also give in another form, in their own; and what has to be noted of them. */
  resolve?(args: Args, urn: pulumi.Input<string>): Args;
  /** Digest of the arguments before environment values are filled in, where the resource has one. */
  portableDigest?(args: Args): pulumi.Input<string>;
}

/** A class of resources: what `new`, `isInstance` and a type position need. */
export interface ResourceClass<Args, Outputs> {
  /**
   * @param name The resource's name in the program; a part of its URN.
   * @param args Its inputs.
   * @param opts Options such as `protect`, `dependsOn`, `parent`, `aliases`. `import` and `id` are refused.
   */
  new (name: string, args: Args, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource & Outputs;
  /** Whether a value is a resource of this class, also one made by another copy of this package. */
  isInstance(value: unknown): value is pulumi.CustomResource & Outputs;
}

/** Makes the class of one resource. */
export function journeysResource<Args extends object, Outputs>(
  declaration: ClassDeclaration<Args>,
): ResourceClass<Args, Outputs> {
  const type = dynamicType(declaration.token);
  class Declared extends pulumi.CustomResource {
    constructor(name: string, args: Args, opts: pulumi.CustomResourceOptions = {}) {
      refuseUnsupported(declaration, name, opts);
      const given = inputs(declaration, type, name, args, opts);
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = depthOfStacks(opts) ?? stackTraceLimit;
      try {
        super(type, name, given, opts);
      } catch (error) {
        Error.stackTraceLimit = stackTraceLimit;
        if (error instanceof Error && !error.stack?.includes("\n    at ")) Error.captureStackTrace(error);
        throw error;
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    }

    static override isInstance(value: unknown): value is Declared {
      return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === type;
    }
  }
  Object.defineProperty(Declared, "name", { value: declaration.token.split(":")[2] });
  return Declared as unknown as ResourceClass<Args, Outputs>;
}

/**
 * The SDK makes four promises for each output and writes out a stack trace for each, to name those that leak: more than
 * all else that is done for a resource of this many outputs. None are taken, unless somebody looks for a leak or a
 * transformation of the program, which may fail, runs meanwhile. Undefined leaves it as it is.
 */
function depthOfStacks({ transformations }: pulumi.CustomResourceOptions): number | undefined {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS || transformations?.length) return undefined;
  return 0;
}

function inputs<Args extends object>(
  declaration: ClassDeclaration<Args>,
  type: string,
  name: string,
  given: Args,
  opts: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const urn = ownUrn(name, type, opts.parent);
  const args = withSecrets(declaration.resolve?.(given, urn) ?? given, declaration.secretInputs);
  const digest = declaration.portableDigest?.(args);
  const secret = secretPaths(args);
  return {
    // An output the class doesn't name in its inputs never becomes a property of the resource.
    ...Object.fromEntries(declaration.outputs.map((output) => [output, undefined])),
    ...args,
    [passedKeys.urn]: urn,
    ...(secret && { [passedKeys.secretPaths]: secret }),
    ...(digest !== undefined && { [passedKeys.portableDigest]: digest }),
    [PROVIDER_KEY]: providerText(declaration.kind),
  };
}

function withSecrets<Args extends object>(args: Args, names: readonly (keyof Args)[] = []): Args {
  const secret = names.filter((name) => args[name] !== undefined).map((name) => [name, pulumi.secret(args[name])]);
  return secret.length ? { ...args, ...Object.fromEntries(secret) } : args;
}

/** A plain text where there is no parent to wait for, which is the common and the cheaper case. */
function ownUrn(name: string, type: string, parent: pulumi.Resource | undefined): pulumi.Input<string> {
  if (parent) return pulumi.createUrn(name, type, parent);
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`;
}

/** Refuses what would fail later, and not in words. */
function refuseUnsupported(
  { token, instead }: Pick<ClassDeclaration<never>, "token" | "instead">,
  name: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const resource = `${token.split(":")[2]} "${name}"`;
  if (opts.import !== undefined || opts.id !== undefined) {
    throw new pulumi.RunError(
      `${resource}: the option \`${opts.import !== undefined ? "import" : "id"}\` doesn't work with dynamic resources. Nothing was sent. ${instead}`,
    );
  }
  if (pulumi.getProject() === "journeys") {
    throw new pulumi.RunError(
      `${resource}: the project is named "journeys", so its own configuration (journeys:…) can't be told from the ` +
        "provider's. Nothing was sent. Give the project another name in Pulumi.yaml.",
    );
  }
}
