import { createServer } from 'node:net';

/** `wanted` if nobody listens there on this machine, else a free port, with a word about it. */
export async function freePort(wanted: number, what: string): Promise<number> {
  const port = (await listen(wanted)) ?? (await listen(0)) ?? 0;
  if (wanted !== 0 && port !== wanted) {
    console.log(`Port ${wanted} is taken: the ${what} is on ${port} instead.`);
  }
  return port;
}

/** Resolves with the port, or with null where it is taken. */
function listen(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : null);
      });
    });
  });
}
