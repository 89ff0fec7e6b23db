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

/** What the last part of a domain looks like; anything else may be somebody's name or number. */
const topForm = /\.[A-Za-z]{2,20}$/;

/** `a***@e***.com`: enough for somebody who knows the address to recognise it. */
export function hintOf(email: string): string {
  const [first = ""] = email;
  const at = email.lastIndexOf("@");
  // A list may hold what was never an address.
  if (at === -1) return `${first}***`;
  const domain = email.slice(at + 1);
  const [start = ""] = domain;
  return `${first}***@${start}***${topForm.exec(domain)?.[0] ?? ""}`;
}
