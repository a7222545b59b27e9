import { globalAgent } from 'node:http';
import { createRequire } from 'node:module';
import { EMULATOR_ACCOUNT } from 'nestjs-mpesa/testing';
import { type Push, phoneOf, servePushes } from './pusher.js';

const daraja = process.env.BENCH_DARAJA ?? '';
const require = createRequire(`${process.env.BENCH_PEERS ?? ''}/`);
const { consumerKey, consumerSecret, shortCode, passKey } = EMULATOR_ACCOUNT;
const CALLBACK_URL = 'https://bench.example/stk/callback';

interface MpesaApi {
  lipaNaMpesaOnline(push: Record<string, unknown>): Promise<unknown>;
}
interface MpesaNode {
  baseURL: string;
  lipaNaMpesaOnline(
    phone: string,
    amount: number,
    url: string,
    reference: string,
  ): Promise<unknown>;
}

/** Each pointed at this machine, by what it has for that. */
const peers: Record<string, () => Push> = {
  'mpesa-api'() {
    const { routes } = require('mpesa-api/lib/routes.js') as { routes: { sandbox: string } };
    routes.sandbox = daraja;
    // It drops the port of its base URL.
    Object.assign(globalAgent, { defaultPort: Number(new URL(daraja).port) });
    const { Mpesa } = require('mpesa-api') as {
      Mpesa: new (credentials: object, environment: string) => MpesaApi;
    };
    const credentials = {
      clientKey: consumerKey,
      clientSecret: consumerSecret,
      securityCredential: 'none',
    };
    const client = new Mpesa(credentials, 'sandbox');
    return (n) =>
      client.lipaNaMpesaOnline({
        BusinessShortCode: shortCode,
        passKey,
        TransactionType: 'CustomerPayBillOnline',
        Amount: 100,
        PartyA: phoneOf(n),
        PartyB: shortCode,
        PhoneNumber: phoneOf(n),
        CallBackURL: CALLBACK_URL,
        AccountReference: 'BENCH',
        TransactionDesc: 'bench',
      });
  },
  'mpesa-node'() {
    const Mpesa = require('mpesa-node') as new (config: object) => MpesaNode;
    const client = new Mpesa({
      consumerKey,
      consumerSecret,
      lipaNaMpesaShortCode: shortCode,
      lipaNaMpesaShortPass: passKey,
    });
    client.baseURL = daraja;
    return (n) => client.lipaNaMpesaOnline(phoneOf(n), 100, CALLBACK_URL, 'BENCH');
  },
};

const peer = peers[process.env.BENCH_PEER ?? ''];
if (!peer) throw new Error('BENCH_PEER names no peer');
servePushes(peer());
