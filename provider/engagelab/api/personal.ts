/** Keeps people out of texts. A platform may echo what it was sent; nobody's address belongs into an error or a log. */
import { masking } from "../../core/mask";

const addressLike = /[^\s<>()[\]{}"'`,;:@=|\\]+@[^\s<>()[\]{}"'`,;:@=|\\]+/g;

export const ADDRESS_MARK = "[address]";

/** Replaces whatever looks like an e-mail address. */
export function maskAddresses(text: string): string {
  return text.replace(addressLike, ADDRESS_MARK);
}

/** The same, and every text found in the given values. */
export function maskPersonal(text: string, personal: readonly unknown[]): string {
  return maskAddresses(masking(personal, [[]])(text));
}

/** `a***@e***.com`: enough for somebody who knows the address to recognise it. */
export function hintOf(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1);
  const top = domain.slice(domain.lastIndexOf(".") + 1);
  return `${[...email][0] ?? ""}***@${[...domain][0] ?? ""}***.${top}`;
}
