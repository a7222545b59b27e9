import { DarajaEmulator } from '../../lib/testing.js';

/** What the tests of a suite work with; each has its own. */
export interface EmulatedApplication {
  daraja: DarajaEmulator;
  /** Closed after the test that has started it. */
  app: { close(): Promise<void> } | null;
}

/** For applications that read the environment: it is as before after each test of the suite. */
export function emulatedApplication(): EmulatedApplication {
  const environment = { ...process.env };
  const stage: EmulatedApplication = { daraja: new DarajaEmulator({ seed: 1 }), app: null };

  beforeEach(() => {
    Object.assign(stage, { daraja: new DarajaEmulator({ seed: 1 }), app: null });
  });

  afterEach(async () => {
    process.env = { ...environment };
    await stage.app?.close();
    await stage.daraja.close();
  });

  return stage;
}
