// The pages, in the order of the side bar. A test holds that no page is missing here.
import { existsSync } from 'node:fs';

const groups = {
  Start: ['first-payment', 'concepts'],
  Guides: [
    'paybill-and-till',
    'callbacks',
    'events',
    'testing',
    'persistence',
    'accounts',
    'recipes',
    'scaling',
    'going-live',
  ],
  Running: [
    'deploying',
    'operations',
    'health',
    'observability',
    'cli',
    'privacy',
    'fault-matrix',
    'performance',
    'cluster-report',
  ],
  Migrating: ['from-axios', 'from-pesakit', 'from-mpesa-stk'],
  Reference: ['reference', 'codes'],
};

const isThere = (page) => existsSync(new URL(`../${page}.md`, import.meta.url));

/** Names of the pages by group; a page that is not written yet is left out. */
export const pages = Object.fromEntries(
  Object.entries(groups).map(([group, names]) => [group, names.filter(isThere)]),
);
