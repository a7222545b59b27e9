import { RequestMethod } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';

/**
 * Where the callback controller is mounted, with the global prefix unless the application excludes it.
 * Known once the application has been set up: read it when a request comes, not before.
 */
export function mountedCallbackPath(config: ApplicationConfig, callbackPath: string): string {
  const own = joinPath(callbackPath);
  const { exclude = [] } = config.getGlobalPrefixOptions();
  const isExcluded = exclude.some(
    ({ pathRegex, requestMethod }) =>
      [RequestMethod.ALL, RequestMethod.POST].includes(requestMethod) &&
      pathRegex.test(`${own}/:token`),
  );
  return isExcluded ? own : joinPath(config.getGlobalPrefix(), own);
}

export const joinPath = (...parts: string[]): string => `/${segmentsOf(parts.join('/')).join('/')}`;

/**
 * The last segment of a URL under the mounted path, as it stands there; empty where it ends with the path,
 * null where it is another route's. Letter case is not told apart, as Express does not.
 */
export function tokenSegment(url: string, mounted: string): string | null {
  const segments = segmentsOf(url.replace(/[?#].*/s, ''));
  const expected = segmentsOf(mounted);
  if (segments.length !== expected.length && segments.length !== expected.length + 1) return null;
  // A prefix may have parameters.
  const isOurs = expected.every(
    (name, index) => name.startsWith(':') || name.toLowerCase() === segments[index]?.toLowerCase(),
  );
  return isOurs ? (segments[expected.length] ?? '') : null;
}

const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean);
