import type { AxiosRequestConfig } from 'axios';

const asIs = (data: unknown): unknown => data;

/**
 * How axios is to behave towards Daraja. Given with each request and not only when the instance is
 * made, as an application may have changed the defaults of axios for its own calls.
 */
export const darajaAxiosConfig = (): AxiosRequestConfig => ({
  validateStatus: () => true,
  transformRequest: asIs,
  transformResponse: asIs,
});
