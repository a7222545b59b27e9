import { run } from '../../lib/cli/run.js';

export interface Ended {
  code: number;
  out: string;
  error: string;
}

export interface At {
  /** Piped in. */
  input?: string;
  /** What a person types, one answer a question; without them nobody is there. */
  answers?: string[];
  signal?: AbortSignal;
  onWrite?: (text: string) => void;
}

/** Runs a command line in this process. */
export async function commandLine(args: string[], at: At = {}): Promise<Ended> {
  const out: string[] = [];
  const error: string[] = [];
  const answers = [...(at.answers ?? [])];
  const code = await run(args, {
    write: (text) => {
      out.push(text);
      at.onWrite?.(text);
    },
    writeError: (text) => error.push(text),
    isInteractive: at.answers !== undefined,
    ask: async (question) => {
      error.push(question);
      return answers.shift() ?? '';
    },
    readInput: async () => at.input ?? '',
    signal: at.signal ?? new AbortController().signal,
  });
  return { code, out: out.join(''), error: error.join('') };
}
