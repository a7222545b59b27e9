import { parseArgs } from 'node:util';

/** What a run is to be like. */
export interface RunArguments {
  orders: number;
  instances: number;
  /** How often an instance is killed, in ms; 0 leaves them alone. */
  killEveryMs: number;
  /** Customers at a time. */
  customers: number;
}

export function readArguments(): RunArguments {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '5000' },
      instances: { type: 'string', default: '3' },
      'kill-every-ms': { type: 'string', default: '4000' },
      customers: { type: 'string', default: '40' },
    },
  });
  return {
    orders: whole('orders', values.orders, 1),
    instances: whole('instances', values.instances, 1),
    killEveryMs: whole('kill-every-ms', values['kill-every-ms'], 0),
    customers: whole('customers', values.customers, 1),
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name} takes a whole number, at least ${least}, not ${text}.`);
  }
  return value;
}
