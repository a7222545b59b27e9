import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where control groups of version 1 limit CPU time. */
const GROUPS = '/sys/fs/cgroup/cpu';
/** Short, so that a limited process is held up often and briefly. */
const PERIOD_US = 10_000;

/** Whether this user of this machine can limit processes. */
export function canLimitCpu(): boolean {
  if (!existsSync(join(GROUPS, 'cpu.cfs_quota_us'))) return false;
  try {
    const group = join(GROUPS, `mpesa_bench_${process.pid}`);
    mkdirSync(group);
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

/**
 * Gives a process so much of one core and no more, as the limit of a container does. What is returned
 * takes the group away, after the process has ended.
 */
export function limitCpu(pid: number, cores: number): () => void {
  const group = join(GROUPS, `mpesa_bench_${pid}`);
  mkdirSync(group);
  writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
  writeFileSync(join(group, 'cpu.cfs_quota_us'), String(Math.round(PERIOD_US * cores)));
  writeFileSync(join(group, 'cgroup.procs'), String(pid));
  return () => {
    rmdirSync(group);
  };
}
