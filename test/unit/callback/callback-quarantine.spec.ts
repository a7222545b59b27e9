import { Test } from '@nestjs/testing';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import {
  CallbackQuarantine,
  type CallbackProblem,
} from '../../../lib/callback/callback-quarantine.js';
import { callbackProviders } from '../../support/callback-parts.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const forged = { detail: 'x', sourceIp: null, raw: null, tokenHash: null };

describe('CallbackQuarantine', () => {
  it('counts all of a flood, keeps and logs 60 a minute of it, and of others as many', async () => {
    const logger = new RecordingLogger();
    const module = await Test.createTestingModule({ providers: callbackProviders })
      .setLogger(logger)
      .compile();
    const quarantine = module.get(CallbackQuarantine);
    const counted: CallbackProblem[] = [];
    quarantine.problems.subscribe((problem) => counted.push(problem));

    for (let index = 0; index < 500; index += 1) {
      await quarantine.keep({ ...forged, problem: 'unknown-token' });
    }
    await quarantine.keep({ ...forged, problem: 'malformed' });
    quarantine.noteContradiction('Callback of attempt a-1 quarantined');

    const { quarantined } = module.get(InMemoryAttemptStore);
    expect(counted).toHaveLength(502);
    expect(quarantined.filter(({ problem }) => problem === 'unknown-token')).toHaveLength(60);
    expect(quarantined).toHaveLength(61);
    const lines = logger.lines.filter((line) => line.startsWith('warn'));
    // One line says that the rest is not kept.
    expect(lines).toHaveLength(63);
    expect(lines.filter((line) => line.includes('the rest is counted'))).toHaveLength(1);
  });
});
