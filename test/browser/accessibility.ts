import axe from 'axe-core';
import type { Page } from 'playwright-core';

const SERIOUS = ['serious', 'critical'];
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 360];

/** What axe finds serious or critical on the page, light and dark, at a desk's width and a phone's. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const findings: string[] = [];
  const before = page.viewportSize();
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      for (const { id, impact, nodes } of violations) {
        if (!SERIOUS.includes(impact ?? '')) continue;
        const where = nodes.map(({ target }) => target.join(' ')).join(', ');
        findings.push(`${colorScheme} ${width}: ${id} at ${where}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  if (before) await page.setViewportSize(before);
  return findings;
}
