/** The environment variables that `mpesaConfig` reads, by the option that each one sets. */
export const MPESA_VARIABLES = {
  environment: 'MPESA_ENVIRONMENT',
  consumerKey: 'MPESA_CONSUMER_KEY',
  consumerSecret: 'MPESA_CONSUMER_SECRET',
  shortCode: 'MPESA_SHORT_CODE',
  passKey: 'MPESA_PASS_KEY',
  callbackUrl: 'MPESA_CALLBACK_URL',
  tillNumber: 'MPESA_TILL_NUMBER',
  transactionType: 'MPESA_TRANSACTION_TYPE',
  baseUrl: 'MPESA_BASE_URL',
  'privacy.encryptionKey': 'MPESA_ENCRYPTION_KEY',
} as const;
