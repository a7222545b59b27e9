/** What is measured alternately, by name; each call is one round. */
export type Contenders<Name extends string, Result> = Record<Name, () => Promise<Result>>;

/**
 * Runs the contenders in turn, A B A B …, so that whatever else the machine does meets them alike. The
 * first `warmUps` rounds of each are thrown away.
 */
export async function alternate<Name extends string, Result>(
  contenders: Contenders<Name, Result>,
  { rounds, warmUps }: { rounds: number; warmUps: number },
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Result[]
  >;
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of names) {
      const result = await contenders[name]();
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

/** One against the other, round by round. */
export const ratios = (these: readonly number[], those: readonly number[]): number[] =>
  these.map((value, round) => value / (those[round] ?? NaN));
