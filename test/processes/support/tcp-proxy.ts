import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Stands between an application and its database: the test's own, so that a database that is away
 * for one suite is there for the others.
 */
export class TcpProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private mode: 'forward' | 'refuse' | 'hang' = 'forward';

  constructor(private readonly target: { host: string; port: number }) {
    this.server = createServer((client) => {
      this.accept(client);
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection; new ones are cut as well. */
  refuse(): void {
    this.mode = 'refuse';
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Connections stay, and nothing comes through them: a machine that is gone without a word. */
  hang(): void {
    this.mode = 'hang';
    for (const socket of this.sockets) socket.pause();
  }

  /** As it was. What hung is cut: nobody knows what has been lost. */
  restore(): void {
    this.mode = 'forward';
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    this.track(client);
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    if (this.mode === 'hang') {
      client.pause();
      return;
    }
    const database = connect(this.target);
    this.track(database);
    client.pipe(database).pipe(client);
    client.once('close', () => database.destroy());
    database.once('close', () => client.destroy());
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
