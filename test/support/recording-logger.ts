import type { LoggerService } from '@nestjs/common';

/** Keeps what is logged, one line an entry: the level, then all that was given. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  log = this.at('log');
  warn = this.at('warn');
  error = this.at('error');
  debug = this.at('debug');
  verbose = this.at('verbose');
  fatal = this.at('fatal');

  private at(level: string): (...parts: unknown[]) => void {
    return (...parts) => {
      this.lines.push([level, ...parts].map(String).join(' '));
    };
  }
}
