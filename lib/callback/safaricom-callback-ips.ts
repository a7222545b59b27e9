/**
 * The addresses from which Safaricom says that its callbacks come (Daraja 2.0 portal, "Going Live &
 * Certificates": to be whitelisted for callback URLs given with a request). Whether the list is still
 * complete is not known, and other addresses are quoted elsewhere: treat it as a hint, never as the only
 * proof of a sender.
 * @publicApi
 */
export const SAFARICOM_CALLBACK_IPS: readonly string[] = Object.freeze([
  '196.201.212.69',
  '196.201.212.74',
  '196.201.212.127',
  '196.201.212.129',
  '196.201.212.136',
  '196.201.212.138',
  '196.201.213.44',
  '196.201.213.114',
  '196.201.214.200',
  '196.201.214.206',
  '196.201.214.207',
  '196.201.214.208',
]);
