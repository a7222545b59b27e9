import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESULT_CODES } from '../../../lib/daraja/result-codes.catalogue.js';
import { stkCallback } from '../../../lib/testing.js';
import { commandLine, type At } from '../../support/command-line.js';

interface Sample {
  kind: string;
  raw: string;
}

const SAMPLES = JSON.parse(readFileSync('test/fixtures/daraja-samples.json', 'utf8')) as Sample[];

const decode = async (text: string) => {
  const { code, out, error } = await commandLine(['decode', '--json', '--', text]);
  expect(error).toBe('');
  return { exit: code, ...JSON.parse(out) } as Record<string, unknown>;
};

describe('decode', () => {
  it.each(RESULT_CODES.map(({ code }) => code))('knows the result code %s', async (code) => {
    expect(await decode(code)).toMatchObject({
      code,
      kind: 'result-code',
      known: true,
      actor: expect.any(String),
      customerMessage: { en: expect.any(String), sw: expect.any(String) },
    });
  });

  it.each(['7777', 'NOPE', '12.5'])('says of %s that it is not in the catalogue', async (code) => {
    const at: At = { input: `${code}\n` };
    const { code: exitCode, out } = await commandLine(['decode'], at);
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^known +false$/m);
    expect(out).toMatch(/^title +Not in the catalogue\.$/m);
  });

  it.each([
    ['400.002.02', 'Invalid Amount', 'developer', 'no phone was asked'],
    ['404.001.03', 'Invalid Access Token', 'merchant', 'no phone was asked: once more'],
    ['400.008.01', 'Invalid Authentication passed', 'developer', 'nothing was sent'],
    ['500.001.1001', 'Merchant does not exist', 'merchant', 'no phone was asked'],
    ['500.001.1001', '[MerchantValidate] - Wrong credentials', 'merchant', 'no phone was asked'],
    ['500.001.1001', 'Unable to lock subscriber, …', 'customer', 'no phone was asked'],
    ['500.001.1001', '', 'nobody', 'a phone may have been asked'],
    ['500.003.02', 'System is busy. Please try again', 'nobody', 'a phone may have been asked'],
    ['500.003.02', 'Spike Arrest Violation', 'developer', 'no phone was asked'],
    ['500.003.03', 'Quota Violation', 'merchant', 'no phone was asked'],
    ['500.003.1001', 'Internal Server Error', 'nobody', 'a phone may have been asked'],
  ])('tells what %s "%s" means, and who acts', async (errorCode, errorMessage, actor, push) => {
    const explained = await decode(JSON.stringify({ requestId: '1-2-3', errorCode, errorMessage }));
    expect(explained).toMatchObject({ kind: 'error', known: true, errorCode, actor });
    expect(explained).toMatchObject({ exit: 0, requestId: '1-2-3' });
    expect(explained.afterAPush).toContain(push);
  });

  it('takes the outcome of a push as unknown where it does not know the error', async () => {
    expect(await decode('{"errorCode":"500.009.99","errorMessage":"?"}')).toMatchObject({
      exit: 3,
      known: false,
      afterAPush: 'a phone may have been asked: never send it again',
    });
  });

  it('knows a page of the edge, and a text that is nothing', async () => {
    expect(await decode('<html>Incapsula incident ID: 7</html>')).toMatchObject({ known: true });
    expect(await decode('good morning')).toMatchObject({ exit: 3, kind: 'unreadable' });
  });

  it('explains callbacks and answers, and masks the numbers in them', async () => {
    const success = stkCallback.success();
    const failure = stkCallback.failure(1032);
    expect(await decode(JSON.stringify(success))).toMatchObject({
      kind: 'callback',
      meaning: 'success',
      receipt: expect.any(String),
      phoneNumber: expect.stringContaining('***'),
    });
    expect(await decode(JSON.stringify(failure))).toMatchObject({
      kind: 'callback',
      reason: 'cancelled',
    });
    expect(await decode('{"Body":{"stkCallback":{"ResultCode":0}}}')).toMatchObject({
      exit: 3,
      kind: 'callback',
      title: expect.stringContaining('MerchantRequestID'),
    });
    expect(await decode('{"ResponseCode":"0","ResultCode":"1037"}')).toMatchObject({
      kind: 'query-answer',
      reason: 'unreachable',
    });
  });

  it.each(SAMPLES.map(({ kind, raw }, index) => [index, kind, raw] as const))(
    'shows no number of recorded payload %i, %s',
    async (_index, _kind, raw) => {
      for (const flags of [[], ['--json']]) {
        const { code, out } = await commandLine(['decode', ...flags], { input: raw });
        expect([0, 3]).toContain(code);
        expect(out.replace(/\d{4}-\d{2}-\d{2}T/g, '')).not.toMatch(/(254|0|\b)[17]\d{8}(?!\d)/);
      }
    },
  );

  it('reads a file, and fails where it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mpesa-decode-'));
    try {
      const file = join(folder, 'body.json');
      await writeFile(file, '1032');
      expect((await commandLine(['decode', '--file', file])).out).toContain('cancelled');
      expect(await commandLine(['decode', '--file', join(folder, 'none')])).toMatchObject({
        code: 1,
        error: expect.stringContaining('ENOENT'),
      });
      expect((await commandLine(['decode', '1032', '--file', file])).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('waits for nobody who has nothing to give', async () => {
    expect((await commandLine(['decode'], { answers: [] })).code).toBe(2);
  });
});
