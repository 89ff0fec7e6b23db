/** Whether the process that wrote a record still lives, and whether its machine has been up since. */
import { readFileSync } from "node:fs";

const started = new Map<number, string>();

/** When a process started, in the kernel's ticks; "" where the system doesn't tell. A reused pid has another start. */
export function processStart(pid: number): string {
  if (pid === process.pid) {
    const known = started.get(pid);
    if (known !== undefined) return known;
  }
  let start = "";
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces; the start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    start = fields[0] === "Z" ? "ended" : (fields[19] ?? "");
  } catch {
    // no /proc here: the pid alone has to do
  }
  if (pid === process.pid) started.set(pid, start);
  return start;
}

let boot: string | undefined;

/** Another one after each restart of the machine; "" where the system doesn't tell. */
export function bootId(): string {
  try {
    boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    boot = "";
  }
  return boot;
}

export function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !start || processStart(pid) === start;
}
