// Owns what the kernel says of processes and cores in /proc: processor time, memory, and how busy a core was.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second for whoever reads. */
const tick = 10;

export interface ProcessTimes {
  group: number;
  /** Milliseconds of all threads, those that have ended too. */
  own: number;
  /** Milliseconds of children that have ended and were waited for. */
  children: number;
}

/** Reads the text of /proc/<pid>/stat. */
export function parseStat(text: string): ProcessTimes {
  // The name in brackets may hold anything; behind it come state, parent, group and the rest.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (index: number) => Number(fields[index]);
  return {
    group: field(2),
    own: (field(11) + field(12)) * tick,
    children: (field(13) + field(14)) * tick,
  };
}

/** Milliseconds a core was busy since the machine started, by its line in /proc/stat; undefined without one. */
export function parseCoreBusy(text: string, core: number): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`cpu${core} `));
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * tick;
}

function inGroup(group: number): { pid: string; times: ProcessTimes }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const text = readIfThere(`/proc/${pid}/stat`);
      const times = text === undefined ? undefined : parseStat(text);
      return times?.group === group ? [{ pid, times }] : [];
    });
}

/** Milliseconds of processor time that a process group has had, with its children that have ended. */
export function groupCpu(group: number): number {
  return inGroup(group).reduce((sum, { times }) => sum + times.own + times.children, 0);
}

/** Milliseconds one process has had. */
export function processCpu(pid: number): number {
  return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).own;
}

/** Milliseconds that children of this process have had which have ended. */
export function endedChildrenCpu(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).children;
}

export function coreBusy(core: number): number {
  return parseCoreBusy(readFileSync('/proc/stat', 'utf8'), core) ?? 0;
}

/** The most memory in bytes that each process of a group had resident since `resetPeakMemory`, added up. */
export function peakMemory(group: number): number {
  return inGroup(group).reduce((sum, { pid }) => {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readIfThere(`/proc/${pid}/status`) ?? '')?.[1];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);
}

export function resetPeakMemory(group: number): void {
  for (const { pid } of inGroup(group)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // It has ended, or the machine does not allow it: the peak is then that of the whole life.
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
