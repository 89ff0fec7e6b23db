// Loaded first in every process of a test run (NODE_OPTIONS). Pulumi's SDK loads the TypeScript compiler and npm's installer as it
// starts, for programs whose functions are serialised. Nothing here serialises one, so these two load at their first use, which
// halves what the start of a process costs. The contract of the provider process and the packed package are tested without this.
const Module = require("node:module");

const late = new Set(["../../typescript-shim", "@npmcli/arborist"]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  const now = () => load.call(this, request, parent, isMain);
  return late.has(request) ? atFirstUse(now) : now();
};

function atFirstUse(now) {
  let loaded;
  const get = () => {
    loaded ??= now();
    return loaded;
  };
  // Compiled imports ask at once whether they may take a module as it is.
  return new Proxy({}, { get: (_, key) => key === "__esModule" || get()[key] });
}
