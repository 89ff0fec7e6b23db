/** Makes of a resource what Pulumi's dynamic-provider process calls. */
import type { AnyResource } from "../../core/resource";
import { inCall } from "./call";
import { create, read, remove, update } from "./changes";
import type { Host } from "./host";
import { check, diff } from "./preview";
import type { DynamicProvider } from "./protocol";

export function adapt(resource: AnyResource, host: Host): DynamicProvider {
  return {
    configure: async ({ config }) => host.configure(config),
    check: (olds, news) =>
      inCall(host, resource, { desired: news }, (call) => check(call, Object.keys(olds).length === 0, news)),
    diff: (id, olds, news) => inCall(host, resource, { state: olds, desired: news }, (call) => diff(call, id, news)),
    create: (inputs) => inCall(host, resource, { desired: inputs }, (call) => create(call, inputs)),
    read: (id, props) => inCall(host, resource, { state: props }, (call) => read(call, id, props)),
    update: (id, olds, news) =>
      inCall(host, resource, { state: olds, desired: news }, (call) => update(call, id, news)),
    delete: (id, props) => inCall(host, resource, { state: props }, (call) => remove(call, id)),
  };
}
