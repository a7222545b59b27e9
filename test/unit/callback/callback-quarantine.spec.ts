import { jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import {
  CallbackQuarantine,
  type CallbackProblem,
} from '../../../lib/callback/callback-quarantine.js';
import { callbackProviders } from '../../support/callback-parts.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const forged = { detail: 'x', sourceIp: null, raw: null, tokenHash: null };

async function start() {
  const logger = new RecordingLogger();
  const module = await Test.createTestingModule({ providers: callbackProviders })
    .setLogger(logger)
    .compile();
  const quarantine = module.get(CallbackQuarantine);
  const counted: CallbackProblem[] = [];
  quarantine.problems.subscribe((problem) => counted.push(problem));
  const warnings = () => logger.lines.filter((line) => line.startsWith('warn'));
  return { quarantine, counted, warnings, store: module.get(InMemoryAttemptStore) };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('CallbackQuarantine', () => {
  it('counts all of a flood, keeps and logs 60 a minute of it, and of others as many', async () => {
    const { quarantine, counted, warnings, store } = await start();
    for (let index = 0; index < 500; index += 1) {
      await quarantine.keep({ ...forged, problem: 'unknown-token' });
    }
    await quarantine.keep({ ...forged, problem: 'malformed' });
    quarantine.noteContradiction('Callback of attempt a-1 quarantined');

    const { quarantined } = store;
    expect(counted).toHaveLength(502);
    expect(quarantined.filter(({ problem }) => problem === 'unknown-token')).toHaveLength(60);
    expect(quarantined).toHaveLength(61);
    const lines = warnings();
    // One line says that the rest is not kept.
    expect(lines).toHaveLength(63);
    expect(lines.filter((line) => line.includes('the rest is counted'))).toHaveLength(1);
  });

  it('keeps 60 again when the minute is over', async () => {
    const { quarantine, store } = await start();
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const flood = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        await quarantine.keep({ ...forged, problem: 'malformed' });
      }
      return store.quarantined.length;
    };
    expect(await flood(59)).toBe(59);
    now.mockReturnValue(61_000);
    expect(await flood(5)).toBe(60);
    now.mockReturnValue(61_001);
    expect(await flood(61)).toBe(120);
  });

  it('says where one came from, and of a contradiction what it is told', async () => {
    const { quarantine, counted, warnings } = await start();
    await quarantine.keep({ ...forged, problem: 'malformed' });
    await quarantine.keep({ ...forged, sourceIp: '192.0.2.1', problem: 'malformed' });
    for (let index = 0; index < 61; index += 1) quarantine.noteContradiction('It contradicts');
    expect(warnings()).toEqual([
      'warn Callback quarantined, from an unknown address: x StkCallbackService',
      'warn Callback quarantined, from 192.0.2.1: x StkCallbackService',
      ...Array<string>(60).fill('warn It contradicts StkCallbackService'),
      'warn More than 60 callbacks quarantined in a minute (contradiction): the rest is counted, not kept StkCallbackService',
    ]);
    expect(counted.filter((problem) => problem === 'contradiction')).toHaveLength(61);
  });
});
