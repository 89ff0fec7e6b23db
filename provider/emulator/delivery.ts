import type { FastifyReply } from "fastify";
import type { Answer, Endpoint } from "./exchange";
import type { Fault } from "./faults";

const html =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n";
const badGateway: Answer = { status: 502, text: html, headers: { "content-type": "text/html" } };

/** What happens to a request before the platform sees it: it goes on, or ends here one way or another. */
export type Interception = { end: "answer"; answer: Answer } | { end: "reset" } | { end: "silence" };

/** How a fault ends a request before it is carried out; undefined lets it through. */
export function intercept(fault: Fault, endpoint: Endpoint): Interception | undefined {
  const refuse = (answer: Answer): Interception => ({ end: "answer", answer });
  switch (fault.kind) {
    case "refuse":
      return refuse(endpoint.refusal("refused", "The request was refused."));
    case "401":
      return refuse(endpoint.refusal("unauthenticated", "The access token is not valid."));
    case "403":
      return refuse(endpoint.refusal("forbidden", "The access token does not permit this."));
    case "404":
      return refuse(endpoint.refusal("not found", "Not found."));
    case "429":
      return refuse(tooMany(fault, endpoint));
    case "500-before":
      return refuse(endpoint.refusal("internal", "Internal error."));
    case "html-502":
      return refuse(badGateway);
    case "drop-before":
      return { end: "reset" };
    case "hang":
      return { end: "silence" };
    default:
      return undefined;
  }
}

function tooMany(fault: Fault, endpoint: Endpoint): Answer {
  const answer = endpoint.refusal("too many", "Too many requests.");
  const wait = fault.retryAfter ?? 1;
  return wait === false ? answer : { ...answer, headers: { ...answer.headers, "retry-after": String(wait) } };
}

/** Brings the answer of a request that was carried out to the client, or what the fault leaves of it. Returns the status sent. */
export function deliver(reply: FastifyReply, answer: Answer, endpoint: Endpoint, fault?: Fault): number | undefined {
  switch (fault?.kind) {
    case "500-after":
      return send(reply, endpoint.refusal("internal", "Internal error."));
    case "html-502-after":
      return send(reply, badGateway);
    case "truncate": {
      const text = bodyText(answer);
      return send(reply, { ...answer, text: text.slice(0, Math.floor(text.length / 2)) }, "application/json");
    }
    case "drop-after":
      return reset(reply);
    case "cut-after":
      return cut(reply, answer);
    case "hang-after":
      return silence(reply);
    default:
      return send(reply, answer);
  }
}

/** Sends an answer whole. */
export function send(reply: FastifyReply, answer: Answer, type = contentType(answer)): number {
  void reply
    .code(answer.status)
    .headers({ "content-type": type, ...answer.headers })
    .send(bodyText(answer));
  return answer.status;
}

/** Resets the connection without an answer. */
export function reset(reply: FastifyReply): undefined {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

/** Leaves the client waiting; the connection ends with the emulator. */
export function silence(reply: FastifyReply): undefined {
  reply.hijack();
}

/** Announces the whole answer, sends half of it and closes. */
function cut(reply: FastifyReply, answer: Answer): number {
  reply.hijack();
  const whole = Buffer.from(bodyText(answer));
  reply.raw.writeHead(answer.status, { "content-type": contentType(answer), "content-length": whole.length });
  reply.raw.write(whole.subarray(0, Math.floor(whole.length / 2)), () => reply.raw.socket?.destroy());
  return answer.status;
}

function bodyText(answer: Answer): string {
  return answer.text ?? JSON.stringify(answer.body ?? {});
}

function contentType(answer: Answer): string {
  return answer.text === undefined ? "application/json" : "text/plain; charset=utf-8";
}
