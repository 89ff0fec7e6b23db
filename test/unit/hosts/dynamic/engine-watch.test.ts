import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { EngineWatch } from "../../../../provider/hosts/dynamic/engine-watch";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function engine() {
  let connects = 0;
  const server = createServer((socket) => {
    connects += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, address, connects: () => connects };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

describe("watching the engine", () => {
  test("an operation under way learns that the engine is gone, and the process may end after the last one", async () => {
    const { server, address, connects } = await engine();
    let idle = 0;
    const watch = new EngineWatch(address, () => (idle += 1), 10);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = watch.during(async (signal) => {
      await until(() => connects() > 0);
      server.close();
      await aborted(signal);
      await finished;
      return "finished";
    });
    const second = watch.during(aborted);
    await second;
    expect(idle).toBe(0);
    finish();
    expect(await first).toBe("finished");
    expect(idle).toBe(1);
    await watch.during(async (signal) => expect(signal.aborted).toBe(true));
  });

  test("nothing is asked while nothing is under way", async () => {
    const { address, connects } = await engine();
    const watch = new EngineWatch(address, () => {}, 5);
    await watch.during(() => until(() => connects() > 1));
    const before = connects();
    await new Promise((resolve) => setTimeout(resolve, 60));
    // one connect may have been on its way
    expect(connects()).toBeLessThanOrEqual(before + 1);
  });

  test("an engine that listens is never taken for gone", async () => {
    const { address, connects } = await engine();
    const watch = new EngineWatch(address, () => {}, 2);
    await watch.during(async (signal) => {
      await until(() => connects() > 20);
      expect(signal.aborted).toBe(false);
    });
  });

  test.each([
    ["no address", undefined],
    ["something else", "--flag"],
    ["an address nobody ever listened on", "127.0.0.1:1"],
  ])("%s: nothing is concluded", async (_, address) => {
    const watch = new EngineWatch(address, () => {}, 2);
    await watch.during(async (signal) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(signal.aborted).toBe(false);
    });
  });

  test("an operation that fails still ends the watch", async () => {
    const { address } = await engine();
    const watch = new EngineWatch(address, () => {}, 2);
    await expect(watch.during(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
