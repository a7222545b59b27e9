/** The variables of an `ini` block, by name. */
export const variablesOf = (ini: string): Record<string, string> =>
  Object.fromEntries(
    ini
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );

/** Does what a curl command does, a POST where it says so, with this machine's `port` for its own. */
export async function curl(
  port: number,
  command: string,
): Promise<{ status: number; body: string }> {
  const [, path] = /https?:\/\/[^/]+(\S+)/.exec(command)!;
  const [, method = 'GET'] = /-X (\w+)/.exec(command) ?? [];
  const [, body] = /-d '([^']*)'/.exec(command) ?? [];
  const headers = [...command.matchAll(/-H '([^':]*): ([^']*)'/g)].map(
    ([, name, value]): [string, string] => [name!, value!],
  );
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
  return { status: answer.status, body: await answer.text() };
}
