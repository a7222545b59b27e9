import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildDemo } from '../browser/build-demo.js';
import { describeWith, locate } from '../support/services.js';

const RUN = ['--orders', '60', '--customers', '8', '--kill-every-ms', '3000'];

describeWith('postgres', 'the cluster sample', () => {
  describeWith('redis', 'with its token in Redis', () => {
    describeWith('rabbitmq', 'and its events in RabbitMQ', () => {
      it('has each order paid and sent once, while its instances are killed', async () => {
        await buildDemo();
        const database = new URL(locate('postgres'));
        database.pathname = '/mpesa_cluster_test';
        const env = {
          ...process.env,
          DATABASE_URL: database.href,
          REDIS_URL: locate('redis'),
          RABBITMQ_URL: locate('rabbitmq'),
        };
        // Rejects, with what was printed, where it ends with anything but 0.
        const run = promisify(execFile)(
          process.execPath,
          ['sample/cluster/dist/run/main.js', ...RUN],
          { env },
        );
        const { stdout } = await run;
        expect(stdout).toContain('| times that an order was sent | 60 | as it should be |');
        expect(stdout).toMatch(/killed every 3000 ms, [1-9]\d* times/);
      }, 600_000);
    });
  });
});
