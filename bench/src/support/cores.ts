import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What Linux counts CPU time in. */
const TICKS_A_SECOND = 100;

/** CPU seconds since the start of each part of what runs. */
export interface CpuSeconds {
  applications: number;
  database: number;
  load: number;
}

const NOT_KNOWN: CpuSeconds = { applications: NaN, database: NaN, load: NaN };

/** Of the applications with these process ids, all of PostgreSQL, and this process; known on Linux only. */
export const cpuSeconds = (applications: readonly number[]): CpuSeconds =>
  existsSync('/proc/self/stat') ? readAll(applications) : NOT_KNOWN;

const readAll = (applications: readonly number[]): CpuSeconds => ({
  applications: sum(applications.map((pid) => ofProcess(pid)?.seconds ?? 0)),
  database: sum(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ofProcess(Number(name)))
      .map((process) => (process?.name === 'postgres' ? process.seconds : 0)),
  ),
  load: ofProcess(process.pid)?.seconds ?? 0,
});

/** What `coresBusy()` tells, for a table. */
export const CORES_BUSY = 'cores busy by application + PostgreSQL + load';

/** How many cores each part kept busy on average, in words. */
export function coresBusy(before: CpuSeconds, after: CpuSeconds, seconds: number): string {
  const cores = (part: keyof CpuSeconds) => ((after[part] - before[part]) / seconds).toFixed(2);
  if (Number.isNaN(after.load)) return 'known on Linux only';
  return `${cores('applications')} + ${cores('database')} + ${cores('load')}`;
}

/** Null where it has ended. */
function ofProcess(pid: number): { name: string; seconds: number } | null {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
    ) as unknown as [string, string, string];
    const fields = rest.split(' ');
    return { name, seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND };
  } catch {
    return null;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
