import { readFileSync } from 'node:fs';
import { CloudEvent, HTTP, type CloudEventV1 } from 'cloudevents';
import { reviveStkEvent, STK_EVENTS } from '../../../lib/attempts/events/stk-events.js';
import { toCloudEvent, type StkCloudEvent } from '../../../lib/events/to-cloud-event.js';
import { StkCompleted, type StkCompletedData } from '../../../lib/index.js';
import { codeBlocksOf } from '../../support/markdown.js';
import { TypeScriptProgram } from '../../support/typescript-program.js';

const shown = codeBlocksOf(readFileSync('docs/events.md', 'utf8'))
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code) as StkCloudEvent);

const revived = ({ type, id, subject, time, data }: StkCloudEvent) =>
  reviveStkEvent(type, { ...data, id, attemptId: subject, occurredAt: time });

describe('the CloudEvents of docs/events.md', () => {
  it('are one of each type', () => {
    expect(shown.map(({ type }) => type)).toEqual(STK_EVENTS.map(({ type }) => type));
  });

  const program = new TypeScriptProgram(new Map(), ['lib/index.ts']);

  it.each(shown)('$type: is what is made of the event, every field of it', (example) => {
    const event = revived(example);
    expect(toCloudEvent(event)).toEqual(example);
    const file = `lib/attempts/events/${example.type.replace('.', '-')}.event.ts`;
    const fields = program.namesOf(file, `${event.constructor.name}Data`);
    const outside = ['id', 'attemptId', 'occurredAt'];
    expect(Object.keys(example.data).sort()).toEqual(
      fields.filter((field) => !outside.includes(field)).sort(),
    );
  });

  it.each(shown)('$type: is valid by the SDK of CloudEvents, and passes through it', (example) => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const body = JSON.stringify(toCloudEvent(revived(example)));
    const read = HTTP.toEvent({ headers, body }) as CloudEventV1<unknown>;
    expect(new CloudEvent(read).validate()).toBe(true);
    expect(JSON.parse(JSON.stringify(read))).toEqual(example);
  });
});

describe('toCloudEvent', () => {
  const completed: StkCompletedData = {
    id: 'attempt-1:stk.completed',
    attemptId: 'attempt-1',
    account: 'Nairobi West/2',
    orderId: null,
    occurredAt: new Date('2026-11-24T09:00:21Z'),
    metadata: null,
    amount: 100,
    receipt: null,
    paidAt: new Date('2026-11-24T09:00:20Z'),
    confirmedBy: 'query',
  };
  const event = new StkCompleted(completed);

  it('makes a URI reference of the name of the account', () => {
    expect(toCloudEvent(event).source).toBe('/nestjs-mpesa/Nairobi%20West%2F2');
  });

  it('takes another source', () => {
    expect(toCloudEvent(event, 'https://shop.example.com').source).toBe('https://shop.example.com');
  });

  it('leaves the event as it is, and shares nothing with it', () => {
    const metadata = { lines: [1] };
    const own = new StkCompleted({ ...completed, metadata });
    const { data } = toCloudEvent(own);
    expect(own.paidAt).toEqual(new Date('2026-11-24T09:00:20Z'));
    expect(data.metadata).toEqual(metadata);
    expect(data.metadata).not.toBe(metadata);
  });
});
