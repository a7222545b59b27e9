// import and require in one process: does an application hold one copy of the package, or two?
import * as imported from 'nestjs-mpesa';
import * as importedTesting from 'nestjs-mpesa/testing';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const required = require('nestjs-mpesa');
const requiredTesting = require('nestjs-mpesa/testing');

const values = Object.keys(imported).filter((name) => imported[name] !== required[name]);
const helpers = Object.keys(importedTesting).filter(
  (name) => importedTesting[name] !== requiredTesting[name],
);
const names = Object.keys(imported).length + Object.keys(importedTesting).length;
process.stdout.write(JSON.stringify({ names, differ: [...values, ...helpers] }));
