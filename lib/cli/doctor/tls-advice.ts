/** Nobody whom Node trusts has signed it, or not with the whole chain (OpenSSL's words, as Node has them). */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER))/;

/** What is wrong with the certificate of who answered; null where the connection broke otherwise. */
export function certificateProblem(
  code: string | null,
): 'untrusted' | 'out-of-date' | 'other-host' | null {
  if (code === null) return null;
  if (UNTRUSTED.test(code)) return 'untrusted';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'out-of-date';
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? 'other-host' : null;
}

/** What to do where this host does not get a secure connection to Daraja's. */
export function darajaTlsAdvice(code: string | null): string {
  switch (certificateProblem(code)) {
    case 'untrusted':
      return 'A proxy on the way, or baseUrl, shows a certificate that this host does not know: give Node its authority with NODE_EXTRA_CA_CERTS=<file.pem>. Never turn the check off.';
    case 'out-of-date':
      return "Look at this machine's clock; if it is right, who runs that host or the proxy on the way must renew the certificate.";
    case 'other-host':
      return 'The certificate is of another host: check baseUrl, and where its name leads from here.';
    case null:
      return 'Check the firewall and proxies on the way out.';
  }
}

/** What to do where the callback URL does not prove itself: Safaricom would call it in vain. */
export function callbackTlsAdvice(code: string | null): string | null {
  switch (certificateProblem(code)) {
    case 'untrusted':
      return 'Safaricom has to trust it too: take a certificate of a public authority, and serve it with the whole chain.';
    case 'out-of-date':
      return "Renew the certificate; if it is none too old, look at this machine's clock.";
    case 'other-host':
      return 'Take a certificate that has the host of callbackUrl among its names.';
    case null:
      return null;
  }
}
