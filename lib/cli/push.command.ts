import type { Command } from 'commander';
import type { StkAttempt } from '../attempts/stk-attempt.js';
import { maskMsisdn } from '../redaction/mask-msisdn.js';
import { normalizeMsisdn } from '../stk/normalize-msisdn.js';
import { StkService } from '../stk/stk.service.js';
import { wholeNumber } from './argument-parsers.js';
import type { CommandHost } from './command-host.js';
import { optionsOfEnvironment, resolved } from './environment-options.js';
import { EXIT } from './exit-code.js';
import { helpEnd } from './help-text.js';
import { print } from './print.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';
import { withMpesa } from './with-mpesa.js';

interface PushArguments {
  phone?: string;
  amount?: number;
  reference: string;
  description: string;
  yes?: boolean;
  envFile?: string;
  json?: boolean;
}

const shillings = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** `push`: a first real prompt, kept by nobody. */
export const addPush = (program: Command, { terminal, end }: CommandHost): void => {
  program
    .command('push')
    .description('ask a phone for a payment, with the MPESA_* variables')
    .option('--phone <number>', 'the phone to ask (default: you are asked)')
    .option('--amount <shillings>', 'whole shillings (default: you are asked)', shillings)
    .option('--reference <text>', 'what the customer reads, at most 12 characters', 'TEST')
    .option('--description <text>', 'at most 13 characters', 'Test')
    .option('--yes', 'in production: it is meant')
    .option('--env-file <path>', 'variables that are not set (default: .env, where there is one)')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      helpEnd(['push', 'push --phone 0712345678 --amount 1 --json'], {
        0: 'the phone is asked; `query` tells what became of it',
        1: 'refused, or not sent: no phone was asked',
        3: 'a phone may have been asked, and nobody can tell: do not repeat it',
      }),
    )
    .action(async (given: PushArguments) => {
      const options = optionsOfEnvironment(given.envFile);
      const { environment, account } = resolved(options);
      const phoneNumber = normalizeMsisdn(
        given.phone ?? (await answer(terminal, '--phone', 'Phone number: ')),
      );
      const amount =
        given.amount ?? shillings(await answer(terminal, '--amount', 'Amount in shillings: '));
      if (environment === 'production' && !given.yes) {
        const asks = `This asks ${maskMsisdn(phoneNumber)} for ${amount} real shillings. Type yes: `;
        const said = await answer(terminal, '--yes', asks);
        if (said.trim() !== 'yes') throw new UsageError('Nothing was sent: only `yes` sends it.');
      }
      const attempt = await withMpesa(options, (app) =>
        app.get(StkService).push(
          {
            phoneNumber,
            amount,
            accountReference: given.reference,
            transactionDesc: given.description,
          },
          { signal: terminal.signal },
        ),
      );
      print(terminal, shown(attempt, account.callbackUrl), given);
      end(attempt.status === 'uncertain' ? EXIT.unknown : EXIT.ok);
    });
};

/** With the whole CheckoutRequestID, which the query needs. */
const shown = (attempt: StkAttempt, callbackUrl: string) => ({
  status: attempt.status,
  phoneNumber: maskMsisdn(attempt.phoneNumber),
  amount: attempt.amount,
  merchantRequestId: attempt.merchantRequestId,
  checkoutRequestId: attempt.checkoutRequestId,
  next:
    attempt.checkoutRequestId === null
      ? 'Daraja gave no answer: a prompt may be out. Do not repeat it; look at the phone.'
      : `npx nestjs-mpesa query ${attempt.checkoutRequestId}`,
  callback: `goes to ${callbackUrl}; the application there sets it aside, as it has no such attempt`,
});

async function answer(terminal: Terminal, option: string, question: string): Promise<string> {
  if (!terminal.isInteractive)
    throw new UsageError(`${option} is needed where nobody can be asked.`);
  return terminal.ask(question);
}
