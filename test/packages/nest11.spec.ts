import { describeApplication } from './application.js';

describeApplication('a CommonJS application on Nest 11', 'nest11-cjs', []);
