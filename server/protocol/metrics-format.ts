/** The two texts in which metrics are handed out, and which of them a scraper wants. */

export type MetricsFormat = 'classic' | 'openmetrics';

/**
 * OpenMetrics 1.0 when the header names it and likes it no less than plain text.
 *
 * @param accept the request's Accept header
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function negotiateFormat(accept: string | undefined): MetricsFormat {
  let openMetricsQuality = 0;
  let classicQuality = 0;
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const parameter = (name: string) =>
      parameters.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
    const quality = Number(parameter('q') ?? 1);
    if (type === 'text/plain') classicQuality = Math.max(classicQuality, quality);
    if (type === 'application/openmetrics-text' && (parameter('version') ?? '1.0.0') === '1.0.0') {
      openMetricsQuality = Math.max(openMetricsQuality, quality);
    }
  }
  return openMetricsQuality > 0 && openMetricsQuality >= classicQuality ? 'openmetrics' : 'classic';
}

/** OpenMetrics names a counter's family without `_total` and its sample with it, which prom-client appends. */
export function familyName(name: string, type: string, format: MetricsFormat): string {
  return format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
}
