/** Times as EngageLab writes them: China's, with an offset no parser reads, or none at all. */

/** ISO 8601 with a readable offset; undefined where there is no time. */
export function readTime(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.trim()) return undefined;
  const text = value.trim().replace(" ", "T");
  const offset = /([+-]\d\d):?(\d\d)$/.exec(text);
  if (offset) return `${text.slice(0, offset.index)}${offset[1]}:${offset[2]}`;
  return /Z$/i.test(text) ? text : `${text}+08:00`;
}
