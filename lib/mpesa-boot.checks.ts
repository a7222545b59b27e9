import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { joinPath, mountedCallbackPath } from './callback/callback-path.js';
import { trustsEveryProxy } from './callback/trusts-every-proxy.js';
import { MpesaConfigError } from './mpesa-config.error.js';
import { MPESA_EXTRAS, type MpesaModuleExtras } from './mpesa-extras.js';
import type { ResolvedMpesaOptions } from './mpesa-resolved-options.js';
import { InjectMpesaOptions } from './mpesa.module-definition.js';

/** What can only be told once the application is put together. */
@Injectable()
export class MpesaBootChecks implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('MpesaModule');

  constructor(
    @InjectMpesaOptions() private readonly options: ResolvedMpesaOptions,
    @Inject(MPESA_EXTRAS) private readonly extras: MpesaModuleExtras,
    private readonly modules: ModulesContainer,
    private readonly applicationConfig: ApplicationConfig,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const ours = [...this.modules.values()].filter((module) => module.hasProvider(MpesaBootChecks));
    if (ours.length > 1) {
      throw new MpesaConfigError([
        {
          path: 'MpesaModule',
          message:
            'is configured more than once: call forRoot() or forRootAsync() once, with isGlobal: true where several modules need it',
        },
      ]);
    }
    for (const warning of this.options.warnings) this.logger.warn(warning);
  }

  onApplicationBootstrap(): void {
    // A standalone application context has no HTTP adapter: callbacks land elsewhere.
    const { httpAdapter } = this.adapterHost as Partial<HttpAdapterHost>;
    if (!httpAdapter) return;
    if (this.options.callback.ipPolicy === 'enforce' && trustsEveryProxy(httpAdapter)) {
      throw new MpesaConfigError([
        {
          path: 'callback.ipPolicy',
          message:
            "is 'enforce', and the HTTP adapter trusts every proxy: X-Forwarded-For then lets each sender choose an address. " +
            'Set trust proxy (Express) or trustProxy (Fastify) to the addresses or the number of your proxies',
        },
      ]);
    }
    if (this.extras.callbackController) this.comparePaths();
  }

  /** A proxy may rewrite paths, so a difference is worth a word and no more. */
  private comparePaths(): void {
    const mounted = mountedCallbackPath(this.applicationConfig, this.extras.callbackPath);
    const { account, accounts } = this.options;
    const others = Object.values(accounts).map(({ callbackUrl }) => callbackUrl);
    for (const url of new Set([account.callbackUrl, ...others])) {
      const { pathname } = new URL(url);
      if (joinPath(pathname) === mounted) continue;
      this.logger.warn(
        `callbackUrl has the path ${pathname}, the callback controller is mounted at ${mounted}: ` +
          'callbacks are lost unless a proxy maps one to the other. Otherwise change callbackUrl, callbackPath ' +
          'or the global prefix.',
      );
    }
  }
}
