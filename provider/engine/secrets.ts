/** Secrets at rest, in the format of Pulumi's passphrase provider. */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** How a deployment says by what its secrets are encrypted. */
export interface SecretsProvider {
  type: string;
  state?: { salt?: string };
}

export interface Crypter {
  /** What a deployment records about this crypter. */
  readonly provider: SecretsProvider;
  encrypt(text: string): string;
  decrypt(ciphertext: string): string;
}

const checkText = "pulumi";
const keys = new Map<string, Promise<Buffer>>();

/** A million rounds take some hundred milliseconds, so a process derives each key once. */
function deriveKey(passphrase: string, salt: string): Promise<Buffer> {
  const name = `${salt}:${passphrase}`;
  const known = keys.get(name) ?? promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  keys.set(name, known);
  return known;
}

const crypter = (provider: SecretsProvider, key: Buffer): Crypter => ({
  provider,
  encrypt(text) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  },
  decrypt(ciphertext) {
    const [version, nonce, sealed] = ciphertext.split(":");
    if (version !== "v1" || nonce === undefined || sealed === undefined)
      throw new Error("This is not an encrypted value of version 1.");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
  },
});

/**
 * A crypter for a passphrase: with the salt of an existing deployment (or of a stack file's `encryptionsalt`), or with a new
 * one. Throws if the passphrase is not the one the salt was made with.
 */
export async function passphraseCrypter(passphrase: string, recordedSalt?: string): Promise<Crypter> {
  const [version, salt = "", ...check] = recordedSalt?.split(":") ?? ["v1", randomBytes(8).toString("base64")];
  if (version !== "v1" || !salt)
    throw new Error(`The salt of the recorded secrets has an unknown form ("${version}").`);
  const key = await deriveKey(passphrase, salt);
  const made = crypter({ type: "passphrase" }, key);
  if (recordedSalt !== undefined && !opens(made, check.join(":"))) {
    throw new Error(
      "The passphrase doesn't open the secrets of this deployment. It is unchanged. Give the passphrase it was saved with (PULUMI_CONFIG_PASSPHRASE, or the option `passphrase`).",
    );
  }
  const state = { salt: recordedSalt ?? `v1:${salt}:${made.encrypt(checkText)}` };
  return { ...made, provider: { type: "passphrase", state } };
}

/** Whether a crypter has the key that the check was made with. */
function opens(candidate: Crypter, check: string): boolean {
  try {
    return candidate.decrypt(check) === checkText;
  } catch {
    return false;
  }
}

/** For deployments that never leave the process: encrypted all the same, with a key that ends with it. */
export const processCrypter: Crypter = crypter({ type: "process" }, randomBytes(32));
