import { readFileSync } from 'node:fs';

/** Short against the time a function takes to fill memory, long against the 20 µs a look costs. */
const everyMs = 20;

/** Calls `onExceeded` once when the process holds more than `limitMB` of memory. Only Linux tells (/proc); elsewhere the heap limit given to Node is the only one. */
export function watchMemory(pid: number, limitMB: number, onExceeded: () => void): { stop(): void } {
  const timer = setInterval(() => {
    if (residentMB(pid) <= limitMB) return;
    clearInterval(timer);
    onExceeded();
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

function residentMB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // The process has just ended, or the system has no /proc: nothing to measure.
  }
}
