/** The end of a command's help: what to type, and how it ends. */
export const helpEnd = (examples: string[], exitCodes: Record<number, string>): string => {
  const lines = examples.map((example) => `  $ npx nestjs-mpesa ${example}`);
  const codes = Object.entries({ ...exitCodes, 2: 'the command line is not understood' });
  return `
Examples:
${lines.join('\n')}

Exit codes:
${codes.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`;
};
