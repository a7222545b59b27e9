import type { Command } from 'commander';
import { wholeNumber } from './argument-parsers.js';
import type { CommandHost } from './command-host.js';
import { diagnose } from './doctor/diagnose.js';
import type { Finding } from './doctor/finding.js';
import { optionsOfEnvironment } from './environment-options.js';
import { EXIT } from './exit-code.js';
import { helpEnd } from './help-text.js';

interface DoctorArguments {
  listen?: number;
  envFile?: string;
  json?: boolean;
}

/** `doctor`: whether this environment can ask for payments, and be told of them. */
export const addDoctor = (program: Command, { terminal, end }: CommandHost): void => {
  program
    .command('doctor')
    .description('check the MPESA_* variables, the way to Daraja, and the way back to the callback')
    .option(
      '--listen <port>',
      "stand on the stopped application's port, and say what the proxies make of path, body and address",
      wholeNumber(1, 65_535),
    )
    .option('--env-file <path>', 'variables that are not set (default: .env, where there is one)')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      helpEnd(['doctor', 'doctor --env-file production.env --json', 'doctor --listen 3000'], {
        0: 'nothing failed; there may be warnings',
        1: 'something failed',
      }),
    )
    .action(async ({ listen, envFile, json }: DoctorArguments) => {
      const findings = await diagnose(optionsOfEnvironment(envFile), listen, terminal.signal);
      const ok = findings.every(({ level }) => level !== 'fail');
      terminal.write(
        json ? `${JSON.stringify({ ok, findings })}\n` : findings.map(asText).join(''),
      );
      end(ok ? EXIT.ok : EXIT.failed);
    });
};

const asText = ({ check, level, what, todo }: Finding): string =>
  `${level.padEnd(4)}  ${check.padEnd(14)}  ${what}\n${todo === null ? '' : `${' '.repeat(22)}${todo}\n`}`;
