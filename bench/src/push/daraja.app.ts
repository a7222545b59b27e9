import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChildMessage } from '../support/child.js';
import type { Listening } from '../settle/serve.js';

/** How many tokens were asked for since the last time that this was asked. */
export interface Tokens extends ChildMessage {
  type: 'tokens';
  count: number;
}

let tokens = 0;
let pushes = 0;

const answers: Record<string, () => object> = {
  '/oauth/v1/generate': () => {
    tokens += 1;
    return { access_token: 'c9SQxWWhmdVRlyh0zh8gZDTkubVF', expires_in: '3599' };
  },
  '/mpesa/stkpush/v1/processrequest': () => {
    pushes += 1;
    return {
      MerchantRequestID: `29115-34620561-${pushes}`,
      CheckoutRequestID: `ws_CO_27112026120000${String(pushes).padStart(12, '0')}`,
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    };
  },
};

/** Answers as fast as `node:http` can, so that it is the clients that are measured. */
const server = createServer((request, response) => {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  request.resume().once('end', () => {
    const body = JSON.stringify(answers[path]?.() ?? {});
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
});

process.on('disconnect', () => process.exit());
process.on('message', () => {
  process.send?.({ type: 'tokens', count: tokens } satisfies Tokens);
  tokens = 0;
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ type: 'listening', port } satisfies Listening);
});
