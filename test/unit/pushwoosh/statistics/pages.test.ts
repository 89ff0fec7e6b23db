import { expect, test } from "vitest";
import { byNumber, byToken, type Progress, take } from "../../../../provider/pushwoosh/statistics/pages";
import { refusal } from "../api/sample";

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** Pages by token, as a platform that answers these would have them. */
function tokens(pages: [token: string | undefined, events: number[]][]) {
  const asked: (string | undefined)[] = [];
  const read = async (token: string | undefined) => {
    asked.push(token);
    const [next, events] = pages[asked.length - 1] ?? ["endless", [asked.length]];
    return { token: next, events };
  };
  return { asked, read, stream: (perPage = 2, options = {}) => byToken("read", perPage, read, options) };
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test("numbered pages end at the total", async () => {
  const asked: number[] = [];
  const progress: Progress[] = [];
  const read = async (page: number) => {
    asked.push(page);
    return { total: "5", items: numbers(page < 2 ? 2 : 1, page * 2) };
  };
  expect(await all(byNumber("list", 2, read, { onProgress: (seen) => progress.push(seen) }))).toEqual(numbers(5));
  expect(asked).toEqual([0, 1, 2]);
  expect(progress).toEqual([
    { items: 2, pages: 1, total: 5 },
    { items: 4, pages: 2, total: 5 },
    { items: 5, pages: 3, total: 5 },
  ]);
});

test("a platform that gives smaller pages than asked for is read to its total all the same", async () => {
  const read = async (page: number) => ({ total: 4, items: numbers(2, page * 2) });
  expect(await all(byNumber("list", 1000, read))).toEqual(numbers(4));
});

test("without a total they end with a page that isn't full, or is empty", async () => {
  const short = async (page: number) => ({ items: numbers(page === 2 ? 1 : 2, page * 2) });
  expect(await all(byNumber("list", 2, short))).toEqual(numbers(5));
  const empty = async (page: number) => ({ total: 0, items: page < 2 ? numbers(2, page * 2) : [] });
  expect(await all(byNumber("list", 2, empty))).toEqual(numbers(4));
  const fewer = async (page: number) => ({ total: 9, items: page < 2 ? numbers(2, page * 2) : [] });
  expect(await all(byNumber("list", 2, fewer))).toEqual(numbers(4));
});

test("a numbered page that comes twice is an error", async () => {
  const read = async () => ({ total: 100, items: numbers(2) });
  expect(await refusal(all(byNumber("list messages", 2, read)))).toBe(
    "unexpected-answer: list messages: page 1 is the same as page 0",
  );
});

test("a numbered page that comes again later is an error as well", async () => {
  const read = async (page: number) => ({ total: 100, items: numbers(2, (page % 3) * 2) });
  await expect(all(byNumber("list messages", 2, read))).rejects.toThrow(
    /^unexpected-answer: list messages: page 3 is the same as page 0\n\s+now:\s+6 were read/,
  );
});

test("pages by token end without a token, with an empty one, or with an empty page", async () => {
  for (const end of [undefined, ""]) {
    const log = tokens([
      ["a", [1, 2]],
      ["b", [3, 4]],
      [end, [5]],
    ]);
    expect(await all(log.stream())).toEqual([1, 2, 3, 4, 5]);
    expect(log.asked).toEqual([undefined, "a", "b"]);
  }
  expect(
    await all(
      tokens([
        ["a", [1, 2]],
        ["b", []],
      ]).stream(),
    ),
  ).toEqual([1, 2]);
});

test("the token just used, on a page that isn't full, is an end; on a full one it is an error", async () => {
  expect(
    await all(
      tokens([
        ["a", [1, 2]],
        ["a", [3]],
      ]).stream(),
    ),
  ).toEqual([1, 2, 3]);
  expect(
    await refusal(
      all(
        tokens([
          ["a", [1, 2]],
          ["a", [3, 4]],
        ]).stream(),
      ),
    ),
  ).toMatch(/page 2 names a next page that was read before/);
});

test("the only page once more is an end; a full page once more is an error", async () => {
  expect(
    await all(
      tokens([
        ["a", [1]],
        ["a", [1]],
      ]).stream(),
    ),
  ).toEqual([1]);
  expect(
    await refusal(
      all(
        tokens([
          ["a", [1, 2]],
          ["b", [1, 2]],
        ]).stream(),
      ),
    ),
  ).toMatch(/page 2 is the same/);
});

test("a circle of tokens is an error, with how far it came", async () => {
  const log = tokens([
    ["a", [1, 2]],
    ["b", [3, 4]],
    ["a", [5, 6]],
  ]);
  await expect(all(log.stream())).rejects.toThrow(/page 3 names .*\n\s+now:\s+6 were read/);
});

test("a page is asked for when it is needed, and progress is told before its items come", async () => {
  const progress: Progress[] = [];
  const log = tokens([
    ["a", [1, 2]],
    ["b", [3, 4]],
  ]);
  const stream = log.stream(2, { onProgress: (seen: Progress) => progress.push(seen) });
  expect(log.asked).toEqual([]);
  expect((await stream.next()).value).toBe(1);
  expect(progress).toEqual([{ items: 2, pages: 1 }]);
  await stream.next();
  expect(log.asked).toHaveLength(1);
  await stream.next();
  expect(progress).toHaveLength(2);
  await stream.return();
  expect(log.asked).toHaveLength(2);
});

test("a limit takes so many, and says whether there are more", async () => {
  const stream = () => byNumber("list", 2, async (page) => ({ total: 4, items: numbers(2, page * 2) }));
  expect(await take(stream(), 3)).toEqual({ items: [0, 1, 2], truncated: true });
  expect(await take(stream(), 4)).toEqual({ items: [0, 1, 2, 3], truncated: false });
  expect(await take(stream(), 9)).toEqual({ items: [0, 1, 2, 3], truncated: false });
});
