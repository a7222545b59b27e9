import type { AxiosRequestConfig } from 'axios';

const asIs = (data: unknown): unknown => data;

/**
 * How axios is to behave towards Daraja. Given with each request and not only when the instance is
 * made, as an application may have changed the defaults of axios for its own calls.
 */
export const darajaAxiosConfig = (): AxiosRequestConfig => ({
  adapter: 'http',
  // A proxy's socket, or a redirect's, would stand in for Daraja's in the proof of "not sent".
  proxy: false,
  maxRedirects: 0,
  validateStatus: () => true,
  responseType: 'stream',
  transformRequest: asIs,
  transformResponse: asIs,
  // The time-outs of each phase are ours; this one does not cover the body.
  timeout: 0,
});
