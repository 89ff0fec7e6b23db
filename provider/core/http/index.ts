/** HTTP as both platforms need it: every call ends as answered, refused, not sent, or outcome unknown. */
export { HttpClient } from "./client";
export { type FailedRequest, failure } from "./failure";
export { redact } from "./redact";
export type { Answered, NotSent, Refused, Reply, Unknown } from "./reply";
export { type HttpEvent, type HttpOptions, type HttpRequest, JsonText } from "./request";
export { requireSafeUrl } from "./url";
