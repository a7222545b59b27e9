export { FakeClock, atRest as settled } from '../../lib/testing/fake-clock.js';
