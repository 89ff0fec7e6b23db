import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Limits } from "../../../../provider/core/http/limits";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("starts tasks evenly spaced, also after an idle time", async () => {
  const limits = new Limits(5, 0);
  const starts: number[] = [];
  const begin = Date.now();
  const task = async () => starts.push(Date.now() - begin);
  for (let i = 0; i < 3; i++) void limits.run(task, false);
  await vi.advanceTimersByTimeAsync(1990);
  for (let i = 0; i < 3; i++) void limits.run(task, false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(starts).toEqual([0, 200, 400, 1990, 2190, 2390]);
});

it("keeps the distance also while a long task runs", async () => {
  const limits = new Limits(5, 0);
  const starts: number[] = [];
  const begin = Date.now();
  const task = async () => starts.push(Date.now() - begin);
  void limits.run(() => new Promise((resolve) => setTimeout(resolve, 5000)), false);
  await vi.advanceTimersByTimeAsync(390);
  for (let i = 0; i < 2; i++) void limits.run(task, false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(starts).toEqual([390, 590]);
});

it("holds rates below one a second", async () => {
  const limits = new Limits(0.5, 0);
  const starts: number[] = [];
  const begin = Date.now();
  for (let i = 0; i < 3; i++) void limits.run(async () => starts.push(Date.now() - begin), false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(starts).toEqual([0, 2000, 4000]);
});

it("lets what was begun go first", async () => {
  const limits = new Limits(5, 0);
  const order: string[] = [];
  for (const name of ["a", "b", "c"]) void limits.run(async () => order.push(name), name === "c");
  await vi.advanceTimersByTimeAsync(1000);
  expect(order).toEqual(["a", "c", "b"]);
});

it.each([0, Number.POSITIVE_INFINITY])("is off at %s", async (off) => {
  const limits = new Limits(off, off);
  let started = 0;
  for (let i = 0; i < 100; i++) void limits.run(async () => (started += 1), false);
  expect(started).toBe(100);
});

it("lets go of waiting tasks at once when their signal aborts, and of their places", async () => {
  const controller = new AbortController();
  const limits = new Limits(1, 0);
  const begin = Date.now();
  const starts: number[] = [];
  const task = async () => starts.push(Date.now() - begin);
  void limits.run(task, false);
  const waiting = Array.from({ length: 50 }, () => limits.run(task, false, controller.signal));
  controller.abort();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => undefined));
  void limits.run(task, false);
  await vi.advanceTimersByTimeAsync(5000);
  expect(starts).toEqual([0, 1000]);
});

it("waits for a begun task whatever the signal says", async () => {
  const controller = new AbortController();
  const limits = new Limits(5, 1);
  const task = () => new Promise<string>((resolve) => setTimeout(() => resolve("done"), 100));
  const outcome = limits.run(task, false, controller.signal);
  await vi.advanceTimersByTimeAsync(50);
  controller.abort();
  await vi.advanceTimersByTimeAsync(100);
  expect(await outcome).toBe("done");
});
