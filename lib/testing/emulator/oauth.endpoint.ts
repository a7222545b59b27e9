import { darajaResponse } from './daraja-response.builder.js';
import type { DarajaReply } from './daraja-response.builder.js';
import type { EmulatorContext } from './emulator-context.js';
import type { Exchange } from './exchange.js';
import { resolveAnswer } from './wire-answer.js';

/** `GET /oauth/v1/generate?grant_type=client_credentials`, with Basic authentication. */
export const generateToken = async (
  exchange: Exchange,
  context: EmulatorContext,
): Promise<void> => {
  const requestId = context.ids.request();
  const scripted = context.tokenAnswers.shift();
  if (scripted === undefined) return exchange.send(answer(exchange, context, requestId));
  const regular = (): DarajaReply => answer(exchange, context, requestId);
  return exchange.sendAnswer(resolveAnswer(scripted, regular, { requestId }));
};

const answer = (exchange: Exchange, context: EmulatorContext, requestId: string): DarajaReply => {
  if (exchange.query.get('grant_type') !== 'client_credentials') {
    return darajaResponse.error({
      status: 400,
      errorCode: '400.008.02',
      errorMessage: 'Invalid grant type passed',
      requestId,
    });
  }
  const credentials = /^Basic +(\S+)$/i.exec(exchange.header('authorization'))?.[1];
  if (credentials === undefined) {
    return darajaResponse.error({
      status: 400,
      errorCode: '400.008.01',
      errorMessage: 'Invalid Authentication passed',
      requestId,
    });
  }
  const given = Buffer.from(credentials, 'base64').toString('utf8');
  const account = context.accounts.find(
    ({ consumerKey, consumerSecret }) => given === `${consumerKey}:${consumerSecret}`,
  );
  if (!account) return darajaResponse.empty(400);
  // Daraja says 3599 for a token of an hour, as text.
  const expiresIn = Math.max(0, Math.floor(context.tokens.lifetimeMs / 1000) - 1);
  return darajaResponse.token({
    accessToken: context.tokens.issue(account.consumerKey),
    expiresIn: String(expiresIn),
  });
};
