import { readFileSync } from 'node:fs';

const changelog = readFileSync('CHANGELOG.md', 'utf8');
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
const sections = changelog.split(/^## /m).slice(1);

describe('the changelog', () => {
  it('begins with what is not released, then has versions with their days, newest first', () => {
    const titles = sections.map((section) => section.split('\n')[0]!);
    expect(titles[0]).toBe('[Unreleased]');
    const released = titles.slice(1);
    for (const title of released) expect(title).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
    const days = released.map((title) => title.slice(-10));
    expect(days).toEqual([...days].sort().reverse());
  });

  it('sorts changes by kind, each kind once in a version, with something in it', () => {
    for (const section of sections) {
      const kinds = section.split(/^### /m).slice(1);
      const names = kinds.map((kind) => kind.split('\n')[0]!);
      expect(names.filter((name) => !KINDS.includes(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      for (const kind of kinds) expect(kind).toMatch(/^- \S/m);
    }
  });
});
