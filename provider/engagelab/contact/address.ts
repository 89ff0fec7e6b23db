/** E-mail addresses: what the platform takes, and which spellings are one person. Pure. No reason repeats an address. */

const labelForm = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;
const topForm = /^[A-Za-z]{2,20}$/;
/** Control characters have no business in an address, a name or a phone number. */
const controls = /\p{Cc}/u;

/** What makes two spellings one person: white space around and letter case don't count. */
export function identityOf(email: string): string {
  return email.trim().toLowerCase();
}

/** Most addresses, told good at one look. */
const usualForm = /^[\w.+-]{1,40}@(?!-)(?:[A-Za-z0-9-]{1,30}(?<!-)\.(?!-)){1,2}[A-Za-z]{2,20}$/;

/** Why the platform wouldn't take an address; undefined if it does (vendor: general rules). */
export function addressFault(email: string): string | undefined {
  const address = email.trim();
  if (usualForm.test(address) && address.length >= 6) return undefined;
  if (address.length < 6 || address.length > 128) return "must have 6 to 128 characters";
  if (/\s/.test(address) || hasControls(address)) return "must not contain white space or control characters";
  const at = address.indexOf("@");
  if (at < 1 || address.includes("@", at + 1)) return "must be of the form local-part@domain, with exactly one @";
  if (at > 96) return "must have at most 96 characters before the @";
  const labels = address.slice(at + 1).split(".");
  const top = labels.pop() ?? "";
  if (labels.length === 0 || !labels.every((label) => labelForm.test(label))) {
    return "must have a domain of letters, digits, hyphens and dots; no part of it begins or ends with a hyphen";
  }
  return topForm.test(top) ? undefined : "must end with a top-level domain of 2 to 20 letters";
}

export function hasControls(text: string): boolean {
  return controls.test(text);
}

/** Whether a text holds an address. Names of resources end up in URNs, where nothing is secret. */
export function holdsAddress(text: string): boolean {
  return /[^\s@]+@[^\s@]+\.[A-Za-z]{2,}/.test(text);
}
