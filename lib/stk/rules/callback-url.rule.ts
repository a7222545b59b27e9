import { absoluteUrlProblem } from '../../absolute-url.js';
import type { Rule } from './rule.js';

/**
 * A URL that Daraja takes as CallBackURL, and to which the module can append a segment. Its rules
 * are Safaricom's (Daraja 3.0 portal, C2B page, "URL Requirements") and what was observed: https,
 * plain http in the sandbox only, no white space. A query string is nowhere recorded to work.
 */
export const callbackUrlRule =
  (allowHttp: boolean): Rule =>
  (value) => {
    const problem = absoluteUrlProblem(value, 'https://shop.example.com/stk/callback');
    if (problem !== null) return problem;
    return !allowHttp && new URL(value as string).protocol === 'http:'
      ? 'must begin with https://'
      : null;
  };

/**
 * The same URL with its host in lower case (Daraja was seen to refuse another) and without trailing
 * slashes. Takes what the rule lets through.
 */
export const normalizeCallbackUrl = (value: string): string =>
  new URL(value).href.replace(/\/+$/, '');
