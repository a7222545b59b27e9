import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DarajaEmulator } from 'nestjs-mpesa/testing';
import { TENANTS } from '../shop/tenants.js';
import { Accountants } from './accountants.js';
import { readArguments } from './arguments.js';
import { Customers } from './customers.js';
import { Instances } from './instances.js';
import { LoadBalancer } from './load-balancer.js';
import { prepareDatabase } from './prepare-database.js';
import { type Finding, formatReport, isAsExpected, reconcile } from './report.js';

/** How long what is under way at the end may take, such as events of an instance that was killed. */
const SETTLE_MS = 120_000;

const { orders, instances: count, killEveryMs, customers: customerCount } = readArguments();
await prepareDatabase();
const accountants = new Accountants();
await accountants.listen();

const emulator = new DarajaEmulator({
  credentials: Object.values(TENANTS),
  defaultScenario: { customer: { resultCode: 0, afterMs: [100, 1_500] } },
});
// One in twenty callbacks is lost, and as many come twice.
emulator.on({ amount: 101 }, { customer: { resultCode: 0, afterMs: 500 }, callbacks: [] });
emulator.on({ amount: 102 }, { customer: { resultCode: 0, afterMs: 500 }, callbacks: [{}, {}] });

const { consumerKey, consumerSecret, shortCode, passKey } = TENANTS.duka;
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  MPESA_ENVIRONMENT: 'sandbox',
  MPESA_CONSUMER_KEY: consumerKey,
  MPESA_CONSUMER_SECRET: consumerSecret,
  MPESA_SHORT_CODE: shortCode,
  MPESA_PASS_KEY: passKey,
  MPESA_BASE_URL: await emulator.listen(),
};
const instances = new Instances(environment);
const balancer = new LoadBalancer(instances);
const shop = await balancer.listen();
environment.MPESA_CALLBACK_URL = `${shop}/stk/callback`;
await instances.start(count);

console.log(`${orders} orders, ${count} instances at ${shop}`);
const customers = new Customers(shop, orders);
const progress = setInterval(() => {
  const { paid, again } = customers;
  console.log(`${paid} of ${orders} paid, ${instances.kills} kills, ${again} asked again`);
}, 5_000);
const started = Date.now();
instances.killEvery(killEveryMs);
await customers.pay(customerCount);
const seconds = Math.round((Date.now() - started) / 1000);
clearInterval(progress);

let findings: Finding[];
const end = Date.now() + SETTLE_MS;
do {
  await sleep(1_000);
  findings = await reconcile(orders, [...emulator.prompts.values()], accountants);
} while (!findings.every(isAsExpected) && Date.now() < end);
const { asked, ended } = await instances.stop();
balancer.close();
await emulator.close();
await accountants.close();

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`;
const facts = [
  machine,
  `${count} instances; one of them killed every ${killEveryMs} ms, ${instances.kills} times`,
  `${customers.again} orders asked for again, as nothing had come of an attempt`,
  `${seconds} s until the last customer was told that it is paid`,
  `${ended} of ${asked} instances ended by themselves when asked to`,
];
console.log(`\n${formatReport(findings, facts)}`);
process.exitCode = findings.every(isAsExpected) && ended === asked ? 0 : 1;
