import { CALLBACK_ACCEPTED } from '../../callback/callback-answer.js';
import { findingsOf, type Finding } from './finding.js';
import { probe } from './probe.js';
import { callbackTlsAdvice } from './tls-advice.js';

const { ok, warn, fail } = findingsOf('callback-route');

/** No callback token has this form: the application sets the probe aside and answers as it always does. */
const SEGMENT = 'doctor';

/** What to do about a status. */
const ADVICE: Record<number, string> = {
  301: 'Give the address that it leads to: a callback is not known to follow.',
  302: 'Give the address that it leads to, or let callbacks in without a login.',
  307: 'Give the address that it leads to: a callback is not known to follow.',
  308: 'Give the address that it leads to: a callback is not known to follow.',
  401: 'Let callbacks in without a login: controllerDecorators, or a rule of the proxy.',
  403: 'Let callbacks in without a login, a CSRF token or a challenge: controllerDecorators, or a rule of the proxy.',
  404: 'Compare the path with the global prefix, callbackPath, and what the proxy makes of it.',
  405: 'Let POST through.',
  413: 'Let bodies of 16 KiB through.',
  429: 'Take the route out of throttling: controllerDecorators.',
  502: 'The proxy finds no application: start it, or look at its upstream.',
  503: 'The application cannot store callbacks (is the database up?), or the proxy has none to ask.',
  504: 'The proxy waits for the application in vain.',
};

/** Whether a POST to the callback URL reaches the module's own route. */
export async function checkCallbackRoute(
  callbackUrl: string,
  signal: AbortSignal,
): Promise<Finding> {
  const answer = await probe(callbackUrl, SEGMENT, '{}', signal);
  if ('code' in answer) {
    return fail(
      `no answer: ${answer.what}`,
      callbackTlsAdvice(answer.code) ??
        'Start the application. If this host cannot reach its own public address, run doctor elsewhere.',
    );
  }
  const { status, text } = answer;
  if (status === 200 && text === JSON.stringify(CALLBACK_ACCEPTED)) {
    return ok('a probe reached the application, which set it aside as it should');
  }
  if (status === 200) {
    return warn(
      'answers 200, but not as the module does',
      "Fine for a controller of your own that answers so; if not, something else has the route's place.",
    );
  }
  return fail(
    `answers ${status}`,
    ADVICE[status] ?? 'Look into the logs of the proxy and the application.',
  );
}
