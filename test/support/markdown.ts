/** A fenced block of code. */
export interface CodeBlock {
  /** As written after the fence: `ts`, `sh`, …; empty where nothing is. */
  language: string;
  code: string;
  /** Line of its first line of code, counted from 1. */
  line: number;
  /** The name in a first line such as `// orders.ts`, or null. */
  file: string | null;
}

/** All fenced blocks, in their order; of those that are indented the indentation is taken away. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split('\n');
  for (let start = 0; start < lines.length; start += 1) {
    const [, indent, language] = /^( *)```(\w*)/.exec(lines[start]!) ?? [];
    if (indent === undefined || language === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, start + 1);
    if (end === -1) throw new Error(`Line ${start + 1}: this block has no end`);
    const code = lines.slice(start + 1, end).map((line) => line.slice(indent.length));
    const file = /^\/\/ (\S+\.ts)$/.exec(code[0] ?? '')?.[1] ?? null;
    blocks.push({ language, code: `${code.join('\n')}\n`, line: start + 2, file });
    start = end;
  }
  return blocks;
}

/** The rows of the table whose first column has this title, without the title row, by column. */
export function tableOf(markdown: string, firstColumn: string): Record<string, string>[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === firstColumn);
  if (start === -1) throw new Error(`There is no table whose first column is "${firstColumn}"`);
  const columns = cellsOf(lines[start]!);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** What stands between backticks. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

/** The anchors that a reader can jump to, as GitHub makes them of the headings. */
export function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

const cellsOf = (line: string): string[] =>
  line.startsWith('|')
    ? line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|'))
    : [];
