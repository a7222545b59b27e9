// Reads [{ file, text }] from standard input and lints each text as if it stood in that file, with
// the project's own configuration. Prints the rules that spoke, one list a snippet.
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';

const snippets = JSON.parse(await text(process.stdin));
const eslint = new ESLint();
const rules = [];
for (const snippet of snippets) {
  const [result] = await eslint.lintText(snippet.text, { filePath: snippet.file });
  rules.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(rules));
