/** `254712345678` as `2547*****678`: enough to recognise, too little to call. */
export function maskMsisdn(phoneNumber: string): string {
  return phoneNumber.length < 8
    ? '*'.repeat(phoneNumber.length)
    : phoneNumber.slice(0, 4) + '*'.repeat(phoneNumber.length - 7) + phoneNumber.slice(-3);
}
