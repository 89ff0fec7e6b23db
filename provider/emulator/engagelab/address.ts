const label = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;
const topLabel = /^[A-Za-z]{2,20}$/;

/** Why the platform does not take an address, or undefined if it does. */
export function addressFault(email: string): string | undefined {
  if (email.length < 6 || email.length > 128) return "email must have 6 to 128 characters";
  const at = email.indexOf("@");
  if (at < 1 || at > 96 || email.includes("@", at + 1)) return "email must have a local part and a domain";
  if (/\s/.test(email)) return "email must not contain white space";
  const labels = email.slice(at + 1).split(".");
  const top = labels.pop() ?? "";
  if (labels.length === 0 || !topLabel.test(top) || !labels.every((part) => label.test(part))) {
    return "email must have a valid domain";
  }
  return undefined;
}
