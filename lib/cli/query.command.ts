import type { Command } from 'commander';
import { describeResultCode } from '../daraja/result-codes.js';
import { StkService } from '../stk/stk.service.js';
import type { StkQueryResult } from '../stk/stk-query.js';
import type { CommandHost } from './command-host.js';
import { optionsOfEnvironment } from './environment-options.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { helpEnd } from './help-text.js';
import { print } from './print.js';
import { withMpesa } from './with-mpesa.js';

interface QueryArguments {
  envFile?: string;
  json?: boolean;
}

const EXIT_OF: Record<StkQueryResult['status'], ExitCode> = {
  completed: EXIT.ok,
  failed: EXIT.failed,
  pending: EXIT.unknown,
};

/** `query`: what became of a prompt, by Daraja. */
export const addQuery = (program: Command, { terminal, end }: CommandHost): void => {
  program
    .command('query')
    .description('ask Daraja what became of a prompt, with the MPESA_* variables')
    .argument('<checkoutRequestId>', 'the whole id that push printed')
    .option('--env-file <path>', 'variables that are not set (default: .env, where there is one)')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      helpEnd(['query ws_CO_270920261200000712345678'], {
        0: 'paid',
        1: 'not paid, or Daraja could not be asked',
        3: 'not known yet: ask again in some seconds',
      }),
    )
    .action(async (checkoutRequestId: string, { envFile, json }: QueryArguments) => {
      const { signal } = terminal;
      const { status, resultCode } = await withMpesa(optionsOfEnvironment(envFile), (app) =>
        app.get(StkService).query({ checkoutRequestId }, { signal }),
      );
      const described = resultCode === null ? { resultCode } : describeResultCode(resultCode);
      print(terminal, { status, ...described }, { json });
      end(EXIT_OF[status]);
    });
};
