import { CompiledBlocks } from '../support/compiled-blocks.js';

describe('the code of docs/events.md', () => {
  const guide = new CompiledBlocks('docs/events.md');

  it('has a name for each block', () => {
    expect(guide.blocks.map(({ file }) => file)).toEqual([
      'jetstream-event.transport.ts',
      'bullmq-event.transport.ts',
    ]);
  });

  it.each(guide.blocks)('compiles: $file, line $line', (block) => {
    expect(guide.problemsOf(block)).toEqual([]);
  });
});
