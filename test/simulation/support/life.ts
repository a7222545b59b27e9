/** Of one process: when it is over, nothing that it awaits comes back, so that nothing goes on. */
export class Life {
  private isOver = false;
  private end: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  get over(): boolean {
    return this.isOver;
  }

  stop(): void {
    this.isOver = true;
    this.end();
  }

  /**
   * Awaits what is outside the process. It may end on the way there, or on the way back, as `crashes` draws
   * it: then the caller never goes on.
   */
  async outside<T>(work: () => Promise<T>, crashes: () => boolean): Promise<T> {
    await this.survive(crashes);
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await this.survive(crashes);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  private async survive(crashes: () => boolean): Promise<void> {
    if (!this.isOver && crashes()) this.stop();
    // One of its own, which goes with whoever waits for it.
    if (this.isOver) await new Promise<never>(() => undefined);
  }
}
