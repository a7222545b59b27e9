import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { serve, tellUsage } from '../settle/serve.js';
import { createApp } from '../support/platform.js';

const ANSWER = { ResultCode: 0, ResultDesc: 'Accepted' };

@Controller('callbacks')
class BareController {
  @Post(':token')
  @HttpCode(200)
  receive(@Body() body: { Body?: unknown }) {
    return body.Body === undefined ? {} : ANSWER;
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

/** The same without a framework. */
function serveRaw(): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { Body?: unknown };
      const answer = JSON.stringify(body.Body === undefined ? {} : ANSWER);
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': answer.length,
      });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    tellUsage((server.address() as AddressInfo).port);
  });
}

if (process.env.BENCH_PLATFORM === 'node') serveRaw();
else await serve(await createApp(BareModule));
