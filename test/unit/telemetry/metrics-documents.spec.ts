import { readFileSync } from 'node:fs';
import { MPESA_METRICS, type MetricSpec } from '../../../lib/telemetry/metrics.js';
import { namesIn, tableOf } from '../../support/markdown.js';

const read = (name: string): string => readFileSync(`docs/${name}`, 'utf8');
const specs = Object.entries<MetricSpec>(MPESA_METRICS);

/** The names of a metric in Prometheus, as OpenTelemetry's exporters make them. */
function prometheusNames([name, { kind, unit }]: [string, MetricSpec]): string[] {
  const base = name.replaceAll('.', '_') + (unit === 's' ? '_seconds' : '');
  if (kind === 'counter') return [`${base}_total`];
  if (kind === 'gauge') return [base];
  return ['_bucket', '_sum', '_count'].map((suffix) => base + suffix);
}

const known = specs.flatMap(prometheusNames);
/** Names of metrics; what stands in braces or behind `by` are labels. */
const metricsOf = (expressions: string): string[] =>
  [...expressions.replace(/\{[^}]*\}|by \([^)]*\)/g, '').matchAll(/\bmpesa_\w+/g)].map(
    ([name]) => name,
  );
/** Labels, of which the table of metrics has the attribute. */
const labelsOf = (expressions: string): string[] =>
  [...expressions.matchAll(/\{([^}]*)\}|by \(([^)]*)\)/g)].flatMap(([, matchers, labels]) =>
    (matchers ?? labels ?? '').split(',').map((each) => each.trim().replace(/=.*/, '')),
  );

const rows = tableOf(read('observability.md'), 'metric');

it('the table of metrics is that of the code', () => {
  expect(rows.map((row) => [row.metric, row.kind, row.unit])).toEqual(
    specs.map(([name, { kind, unit }]) => [`\`${name}\``, kind, `\`${unit}\``]),
  );
});

const panels = (
  JSON.parse(read('grafana-dashboard.json')) as { panels: { targets: { expr: string }[] }[] }
).panels;
const dashboard = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
const alerts = [...read('alerts.yaml').matchAll(/expr:([\s\S]*?)(?=\n {8}(?:for|labels):)/g)]
  .map(([, expression]) => expression!)
  .join('\n');

describe.each([
  ['the dashboard', dashboard, 14],
  ['the alerts', alerts, 11],
])('%s', (_name, expressions, least) => {
  it('name metrics and labels that there are', () => {
    expect(metricsOf(expressions).length).toBeGreaterThanOrEqual(least);
    expect(metricsOf(expressions).filter((name) => !known.includes(name))).toEqual([]);
    const attributes = rows
      .flatMap((row) => namesIn(row.attributes!))
      .map((name) => name.replaceAll('.', '_'));
    const others = ['le', 'instance'];
    expect(
      labelsOf(expressions).filter((label) => ![...attributes, ...others].includes(label)),
    ).toEqual([]);
  });
});

it('the dashboard shows every metric', () => {
  const shown = metricsOf(dashboard);
  const missing = specs.filter((spec) => !prometheusNames(spec).some((n) => shown.includes(n)));
  expect(missing).toEqual([]);
});
