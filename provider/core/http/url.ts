/** Which addresses a credential may be sent to. */
import { JourneysError } from "../errors";

/**
 * Checks the address of a platform and returns it without a trailing slash. Only https is safe for a credential;
 * http is taken on the loopback, for an emulator.
 *
 * @param settingName how the reader knows the setting: `journeys:pushwooshJourneyUrl`
 * @throws JourneysError `invalid-configuration`
 */
export function requireSafeUrl(url: string, settingName: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw unusable(settingName, "is not a URL");
  if (parsed.username || parsed.password) throw unusable(settingName, "contains a user name or password");
  if (parsed.search || parsed.hash) throw unusable(settingName, "contains a query or a fragment");
  const local = parsed.protocol === "http:" && isLoopback(parsed.hostname);
  if (parsed.protocol !== "https:" && !local) {
    throw unusable(settingName, `must begin with https:// (http:// only for this machine), but is ${parsed.origin}`);
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

/** Whether a host, as `URL` writes it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The address without a trailing slash if it is one of this machine, such as an emulator's; undefined for any other. */
export function localAddress(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !isLoopback(parsed.hostname)) return undefined;
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

function unusable(settingName: string, reason: string): JourneysError {
  return new JourneysError({
    code: "invalid-configuration",
    what: `${settingName} ${reason}`,
    now: "nothing was sent",
    next: `give ${settingName} the platform's address, such as https://api.example.com, and run again`,
  });
}
