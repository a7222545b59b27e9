import { describeApplication } from './application.js';

const esm = ['--experimental-vm-modules', '--no-warnings'];
describeApplication('an ES module application on Nest 12', 'nest12-esm', esm);
