/** The system's or OpenSSL's word for what went wrong; null where the error has none. */
export const codeOf = (error: unknown): string | null => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : null;
};
