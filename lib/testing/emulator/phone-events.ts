import type { Exchange } from './exchange.js';

/** Real time: proxies and browsers drop a stream that is silent. */
const HEARTBEAT_MS = 15_000;

/** The open pages, told of every change by server-sent events. */
export class PhoneEvents {
  private readonly open = new Set<Exchange>();
  private heartbeat: NodeJS.Timeout | null = null;
  private isPublishing = false;

  constructor(private readonly state: () => object) {}

  connect(exchange: Exchange): void {
    const { response } = exchange;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.write(this.message());
    this.open.add(exchange);
    this.heartbeat ??= setInterval(() => {
      this.write(':\n\n');
    }, HEARTBEAT_MS).unref();
    response.once('close', () => {
      this.open.delete(exchange);
      if (this.open.size === 0) this.stopHeartbeat();
    });
  }

  /** Changes of one turn are told at once. */
  publish(): void {
    if (this.open.size === 0 || this.isPublishing) return;
    this.isPublishing = true;
    queueMicrotask(() => {
      this.isPublishing = false;
      this.write(this.message());
    });
  }

  close(): void {
    this.stopHeartbeat();
    for (const { response } of this.open) response.end();
    this.open.clear();
  }

  private message(): string {
    return `event: state\ndata: ${JSON.stringify(this.state())}\n\n`;
  }

  private write(text: string): void {
    for (const { response } of this.open) response.write(text);
  }

  private stopHeartbeat(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }
}
