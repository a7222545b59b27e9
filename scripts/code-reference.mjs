// The page docs/codes.md: the errors, as the README's table has them, and the catalogue of result codes.
// `npm run docs:codes` writes it; a test holds that the page is what this makes.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const PAGE = 'docs/codes.md';

const INTRO = `# Codes

This page is made by \`npm run docs:codes\`, from the README's table and the catalogue of the source.

## Errors

What a call throws. \`code\` is stable: switch on it, not on the message. HTTP is the status that
\`MpesaExceptionFilter\` answers with.
`;

const RESULT_CODES = `## Result codes

What Daraja says of a payment, in the callback and in the answer to a query: \`describeResultCode()\` tells the same.
_Known from_ is how we know: \`official\` are Safaricom's pages, \`observed\` a recorded call; \`claimed\` has no
record, so it decides nothing. _Again_ is whether a new push makes sense.
`;

/** @param errors rows of the README's table  @param codes descriptions of the catalogue, in its order */
export async function codeReference(errors, codes) {
  const sections = errors.map((row) => {
    const code = row.code.replaceAll('`', '');
    return [
      `<a id="${code}"></a>\n\n### ${row.code}\n`,
      `${row.error}, HTTP ${row.HTTP}, ${row.retryable === 'yes' ? '' : 'not '}retryable.\n`,
      `${sentence(row['what happened'])}\n`,
      `What to do: ${row['what to do'].replaceAll('\\|', '|')}.\n`,
    ].join('\n');
  });
  const rows = codes.map((entry) =>
    [
      `<a id="result-${entry.code}"></a>\`${entry.code}\``,
      entry.meaning,
      `\`${entry.reason}\``,
      entry.title,
      entry.actor,
      again(entry),
      entry.customerMessage.en,
      entry.customerMessage.sw,
      entry.evidence,
    ].join(' | '),
  );
  const columns = ['code', 'meaning', 'reason', "Daraja's text", 'who can act', 'again'];
  const head = [...columns, 'to the customer', 'kwa mteja', 'known from'];
  const table = [head.join(' | '), head.map(() => '---').join(' | '), ...rows];
  const page = [INTRO, ...sections, RESULT_CODES, ...table.map((row) => `| ${row} |`)].join('\n');
  return format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`.replaceAll('\\|', '|');

function again({ retryable, retryAfterMs }) {
  if (!retryable) return 'no';
  return retryAfterMs === undefined ? 'yes' : `after ${retryAfterMs / 1000} s`;
}

/** The rows of the README's table of errors. */
export function errorRows(readme) {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.startsWith('| error '));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const cells = (line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
  const columns = cells(lines[start]);
  return lines
    .slice(start + 2, end)
    .map((line) => Object.fromEntries(cells(line).map((cell, index) => [columns[index], cell])));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const daraja = (file) => import(`../dist/cjs/daraja/${file}.js`);
  const [{ RESULT_CODES: catalogue }, { describeResultCode }] = await Promise.all([
    daraja('result-codes.catalogue'),
    daraja('result-codes'),
  ]);
  const codes = catalogue.map(({ code }) => describeResultCode(code));
  const rows = errorRows(await readFile('README.md', 'utf8'));
  await writeFile(PAGE, await codeReference(rows, codes));
}
