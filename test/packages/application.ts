import { describeWith, locate } from '../support/services.js';
import { Consumer } from './consumer.js';

/** Everything that an application has to be able to do with the packed package. */
export function describeApplication(title: string, name: string, jestFlags: string[]): void {
  describe(title, () => {
    let app: Consumer;

    beforeAll(async () => {
      app = await Consumer.create(name);
    });

    afterAll(() => app.remove());

    it('has one copy of Nest, of the version that it asks for', async () => {
      const { stdout } = await app.run('npm', 'ls', '@nestjs/common', '--parseable');
      expect(stdout.trim().split('\n')).toHaveLength(1);
      const major = name.slice('nest'.length, 'nest'.length + 2);
      const { text } = await app.run('npm', 'ls', '@nestjs/common', 'nestjs-mpesa');
      expect(text).toContain(`@nestjs/common@${major}.`);
      expect(text).not.toMatch(/invalid|UNMET/);
    });

    it('compiles against the types', async () => {
      const { code, text } = await app.node(
        'node_modules/typescript/bin/tsc',
        '-p',
        'tsconfig.build.json',
      );
      expect(text).toBe('');
      expect(code).toBe(0);
    });

    it('finds no error inside the types of the package', async () => {
      const flags = ['-p', 'tsconfig.build.json', '--noEmit', '--skipLibCheck', 'false'];
      const { text } = await app.node('node_modules/typescript/bin/tsc', ...flags);
      const ours = text.split('\n').filter((line) => line.includes('node_modules/nestjs-mpesa/'));
      expect(ours).toEqual([]);
    });

    it('takes a payment in plain Node', async () => {
      const { stdout, text } = await app.node('dist/pay.js');
      if (stdout === '') throw new Error(text);
      expect(JSON.parse(stdout)).toEqual({
        status: 'completed',
        hasReceipt: true,
        events: ['StkCompleted'],
      });
    });

    describeWith('rabbitmq', 'with a broker', () => {
      it('sends its events there', async () => {
        const { stdout, text } = await app.node('dist/broker.js', locate('rabbitmq'));
        if (stdout === '') throw new Error(text);
        const { attempt, messageIds, types } = JSON.parse(stdout) as Record<string, unknown>;
        expect(types).toEqual(['stk.prompted', 'stk.completed']);
        expect(messageIds).toEqual([
          `${String(attempt)}:stk.prompted`,
          `${String(attempt)}:stk.completed`,
        ]);
      });
    });

    it('passes its own suite under Jest, on Express and on Fastify', async () => {
      const flags = [...jestFlags, 'node_modules/jest/bin/jest.js', '--json', '--ci'];
      const { stdout, text } = await app.node(...flags);
      if (!stdout.startsWith('{')) throw new Error(text);
      const { numPassedTests, numTotalTests, testResults } = JSON.parse(stdout) as {
        numPassedTests: number;
        numTotalTests: number;
        testResults: { message: string }[];
      };
      expect(testResults.map(({ message }) => message).join('\n')).toBe('');
      expect(numTotalTests).toBeGreaterThanOrEqual(10);
      expect(numPassedTests).toBe(numTotalTests);
    });

    it('gets the same classes by import and by require', async () => {
      const { stdout, text } = await app.node('identity.mjs');
      if (stdout === '') throw new Error(text);
      const { names, differ } = JSON.parse(stdout) as { names: number; differ: string[] };
      expect(names).toBeGreaterThan(20);
      expect(differ).toEqual([]);
    });

    it('has a command line', async () => {
      const npx = (...args: string[]) => app.run('npx', '--no-install', 'nestjs-mpesa', ...args);
      expect(await npx('--help')).toMatchObject({
        code: 0,
        text: expect.stringContaining('emulator'),
      });
      const { code, stdout, text } = await npx('decode', '1032', '--json');
      if (code !== 0) throw new Error(text);
      expect(JSON.parse(stdout)).toMatchObject({ known: true, reason: 'cancelled' });
    });
  });
}
