import { type Answer, asObject, type Call, type Endpoint, type Json, type Targets } from "../exchange";
import { answerOrRefusal, Refusal } from "../refusal";
import type { Account } from "./account";
import { journeyObject } from "./answers";
import type { PushwooshEndpoint } from "./auth";
import { DefinitionIntake } from "./definition";
import { gatewayError, gatewayRefusal } from "./errors";
import { type Journey, type LifecycleAction, lifecycleActions } from "./journey";
import { editable, mayHaveEntry, target } from "./lifecycle";

const base = "/api/v3/journeygateway";
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The v3 methods: create, PUT, the five lifecycle calls and, where switched on, a read. */
export function gatewayEndpoints(account: Account): PushwooshEndpoint[] {
  const gateway = new Gateway(account);
  return [
    gateway.endpoint("journey.create", "POST", base, (call) => gateway.create(call)),
    gateway.endpoint("journey.update", "PUT", `${base}/:id`, (call) => gateway.replace(call)),
    ...lifecycleActions.map((action) =>
      gateway.endpoint(`journey.${action}`, "POST", `${base}/${action}`, (call) => gateway.move(call, action)),
    ),
    ...(account.switches.read === "on"
      ? [gateway.endpoint("journey.read", "GET", `${base}/:id`, (call) => gateway.read(call))]
      : []),
  ];
}

class Gateway {
  private readonly intake: DefinitionIntake;

  constructor(private readonly account: Account) {
    this.intake = new DefinitionIntake(account.switches, account.journeys, account.world);
  }

  endpoint(name: string, method: Endpoint["method"], path: string, answer: Endpoint["answer"]): PushwooshEndpoint {
    return {
      name,
      method,
      path,
      schemes: ["api"],
      targets: (call) => this.targets(call),
      refusal: (reason, message) =>
        reason === "refused" ? this.stateRefusal(message) : gatewayRefusal(reason, message),
      answer: (call) => answerOrRefusal(() => answer(call)),
    };
  }

  create(call: Call): Answer {
    const definition = this.intake.take(readBody(call));
    return this.accepted(this.account.create(definition, "api"));
  }

  replace(call: Call): Answer {
    const body = readBody(call);
    const journey = this.find(call.params.id);
    if (!editable(this.account.switches.transitions, journey.status)) {
      throw new Refusal(this.stateRefusal(`journey can't be edited in status ${journey.status}`));
    }
    const definition = this.intake.take(body, journey);
    if (definition.params.application_code !== journey.definition.params.application_code) {
      throw new Refusal(this.stateRefusal("application_code of a journey can't be changed"));
    }
    this.account.redefine(journey, definition, "api");
    if (this.account.switches.putStatus === "draft" && journey.status !== "STATUS_DRAFT") {
      this.account.move(journey, "STATUS_DRAFT", "put", "api");
    }
    return this.accepted(journey);
  }

  move(call: Call, action: LifecycleAction): Answer {
    const { uuid } = readBody(call);
    const journey = this.find(uuid);
    const to = target(this.account.switches.transitions, journey.status, action);
    if (!to) throw new Refusal(this.stateRefusal(`can't ${action} a journey in status ${journey.status}`));
    if (action === "start" && !mayHaveEntry(journey)) {
      throw new Refusal(this.stateRefusal("journey has no entry point"));
    }
    if (to !== journey.status) this.account.move(journey, to, action, "api");
    return this.accepted(journey);
  }

  read(call: Call): Answer {
    return { status: 200, body: journeyObject(this.find(call.params.id), this.account.switches) };
  }

  private find(id: unknown): Journey {
    if (typeof id !== "string" || !uuidForm.test(id)) throw new Refusal(gatewayError(3, "uuid must be a valid UUID"));
    const journey = this.account.journeys.get(id.toLowerCase());
    if (!journey) throw new Refusal(gatewayError(5, "journey not found"));
    return journey;
  }

  private accepted(journey: Journey): Answer {
    const body = journeyObject(journey, this.account.switches);
    return { status: 200, body, committed: true, id: journey.id, title: journey.definition.title };
  }

  private stateRefusal(message: string): Answer {
    const [code, status] = this.account.switches.refusalCode.split("-").map(Number);
    return gatewayError(code as 3 | 9 | 10, message, status);
  }

  /** A create is known by the title it sends, everything else by id, by the title it had and the one it sends. */
  private targets(call: Call): Targets {
    const body = asObject(call.body);
    const id = call.params.id ?? body?.uuid;
    const journey = typeof id === "string" ? this.account.journeys.get(id.toLowerCase()) : undefined;
    const titles = [journey?.definition.title, body?.title];
    return {
      ids: typeof id === "string" ? [id] : [],
      titles: titles.filter((title) => typeof title === "string"),
    };
  }
}

function readBody(call: Call): Json {
  const body = asObject(call.body);
  if (!body) throw new Refusal(gatewayError(3, "request body must be a JSON object"));
  return body;
}
