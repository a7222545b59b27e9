import { RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import {
  joinPath,
  mountedCallbackPath,
  tokenSegment,
} from '../../../lib/callback/callback-path.js';

describe('mountedCallbackPath', () => {
  const config = (prefix?: string, excluded?: { path: RegExp; method: RequestMethod }) => {
    const made = new ApplicationConfig();
    if (prefix !== undefined) made.setGlobalPrefix(prefix);
    if (excluded) {
      made.setGlobalPrefixOptions({
        exclude: [{ path: '', requestMethod: excluded.method, pathRegex: excluded.path }],
      });
    }
    return made;
  };

  it('is the path itself without a global prefix, and behind one', () => {
    expect(mountedCallbackPath(config(), '/stk/callback/')).toBe('/stk/callback');
    expect(mountedCallbackPath(config('api'), 'stk/callback')).toBe('/api/stk/callback');
    expect(mountedCallbackPath(config('/api/v1/'), '/stk/callback')).toBe('/api/v1/stk/callback');
  });

  it.each([
    [/^\/stk\/callback\/:token$/, RequestMethod.ALL, '/stk/callback'],
    [/^\/stk\/callback\/:token$/, RequestMethod.POST, '/stk/callback'],
    [/^\/stk\/callback\/:token$/, RequestMethod.GET, '/api/stk/callback'],
    [/^\/stk\/callback$/, RequestMethod.ALL, '/api/stk/callback'],
    [/^\/health/, RequestMethod.ALL, '/api/stk/callback'],
  ])('with %p excluded from the prefix for method %p is %s', (path, method, expected) => {
    expect(mountedCallbackPath(config('api', { path, method }), 'stk/callback')).toBe(expected);
  });

  it('leaves the prefix out where one of several exclusions says so', () => {
    const made = config('api');
    made.setGlobalPrefixOptions({
      exclude: [
        { path: '', requestMethod: RequestMethod.ALL, pathRegex: /^\/health/ },
        { path: '', requestMethod: RequestMethod.ALL, pathRegex: /^\/stk/ },
      ],
    });
    expect(mountedCallbackPath(made, 'stk/callback')).toBe('/stk/callback');
  });
});

it('joinPath has one slash between parts, and one before them', () => {
  expect(joinPath('//a/', '/b//c/')).toBe('/a/b/c');
  expect(joinPath('')).toBe('/');
});

describe('tokenSegment', () => {
  it.each([
    ['/stk/callback/TOKEN', 'TOKEN'],
    ['/stk/callback/TOKEN/', 'TOKEN'],
    ['//stk//callback//TOKEN', 'TOKEN'],
    ['/STK/Callback/ToKeN', 'ToKeN'],
    ['/stk/callback/TOKEN?a=/b/c', 'TOKEN'],
    ['/stk/callback/TOKEN#/b', 'TOKEN'],
    ['/stk/callback/TOKEN?a\nb/c', 'TOKEN'],
    ['/stk/callback/%2E%2E', '%2E%2E'],
    ['/stk/callback', ''],
    ['/stk/callback/', ''],
    ['/stk/callback?x=1', ''],
    ['/stk/callback/TOKEN/more', null],
    ['/stk', null],
    ['/', null],
    ['/stk/callbacks/TOKEN', null],
    ['/other/callback/TOKEN', null],
    ['/callback/TOKEN', null],
  ])('of %j is %j', (url, expected) => {
    expect(tokenSegment(url, '/stk/callback')).toBe(expected);
  });

  it('takes whatever stands for a parameter of a prefix', () => {
    expect(tokenSegment('/shop-7/stk/callback/T', '/:tenant/stk/callback')).toBe('T');
    expect(tokenSegment('/stk/callback/T', '/:tenant/stk/callback')).toBeNull();
    expect(tokenSegment('/shop-7/other/callback/T', '/:tenant/stk/callback')).toBeNull();
  });
});
