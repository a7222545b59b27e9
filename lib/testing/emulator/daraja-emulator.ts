import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '../../attempts/clock.js';
import { AccessTokenRegister } from './access-token-register.js';
import { Agenda } from './agenda.js';
import { CallbackCourier } from './callback-courier.js';
import { DarajaIds } from './daraja-ids.js';
import { EMULATOR_ACCOUNT } from './emulator-account.js';
import type { EmulatorDelivery } from './emulator-delivery.js';
import type { DarajaEmulatorOptions } from './emulator-options.js';
import type { EmulatorPrompt } from './emulator-prompt.js';
import type { EmulatorRequest } from './emulator-request.js';
import { EmulatorRouter } from './emulator-router.js';
import type { EmulatorScenario } from './emulator-scenario.js';
import type { EmulatorScenarioName } from './emulator-scenarios.js';
import { PanelApi } from './panel.api.js';
import { PhoneApi } from './phone.api.js';
import { PhoneEvents } from './phone-events.js';
import { phoneState } from './phone-state.js';
import { postCallback } from './post-callback.js';
import { PromptRegister } from './prompt-register.js';
import { ScenarioBook } from './scenario-book.js';
import type { EmulatorMatch } from './scenario-book.js';
import type { WireAnswer } from './wire-answer.js';

// Generous: a burst of connections to a busy machine must not look like a slow attack.
const HEADERS_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Daraja on this machine: an HTTP server on the loopback interface that asks virtual phones for play
 * money. It checks what Daraja checks, answers as Daraja answers, and fails as Daraja fails.
 *
 * ```ts
 * const emulator = new DarajaEmulator();
 * const baseUrl = await emulator.listen();
 * // MpesaModule.forRoot({ environment: 'sandbox', baseUrl, ...EMULATOR_ACCOUNT, callbackUrl })
 * emulator.next('cancelled');
 * // … push …
 * await emulator.idle();
 * await emulator.close();
 * ```
 *
 * Without a script a prompt rings on the virtual phone (`phoneUrl`) until somebody answers it there or
 * by `approve()` and its like. A script is used up by a push that passes all checks; a push that
 * Daraja would refuse anyway is refused and uses up none.
 * @publicApi
 */
export class DarajaEmulator {
  /** To be printed by a test that draws it, so that its run can be repeated. */
  readonly seed: number;
  private readonly agenda: Agenda;
  private readonly book: ScenarioBook;
  private readonly tokens: AccessTokenRegister;
  private readonly promptRegister: PromptRegister;
  private readonly courier: CallbackCourier;
  private readonly events: PhoneEvents;
  private readonly panel: PanelApi;
  private readonly router: EmulatorRouter;
  private readonly tokenAnswers: WireAnswer[] = [];
  private readonly server: Server;
  private closed: Promise<void> | null = null;

  constructor(options: DarajaEmulatorOptions = {}) {
    const { pin = '1234' } = options;
    if (!/^\d+$/.test(pin)) throw new Error('The PIN of the emulator must be digits.');
    this.seed = options.seed ?? randomInt(2 ** 31);
    const ids = new DarajaIds(this.seed);
    this.agenda = new Agenda(options.clock ?? new SystemClock());
    this.book = new ScenarioBook(this.seed, options.defaultScenario ?? 'rings');
    this.tokens = new AccessTokenRegister(this.agenda, ids, options.tokenLifetimeMs ?? 3_600_000);
    this.courier = new CallbackCourier(
      this.agenda,
      ids,
      this.book,
      options.deliver ?? postCallback,
      () => {
        this.panel.events.publish();
      },
    );
    this.promptRegister = new PromptRegister(this.agenda, ids, this.book, {
      pin,
      lifetimeMs: options.promptLifetimeMs ?? 60_000,
      changed: () => {
        this.events.publish();
      },
      settled: (entry) => {
        this.courier.dispatch(entry);
      },
    });
    const state = () =>
      phoneState(this.promptRegister.views.values(), pin, (phone) => this.book.isReachable(phone));
    this.events = new PhoneEvents(state);
    this.panel = new PanelApi({
      book: this.book,
      tokens: this.tokens,
      courier: this.courier,
      received: () => this.router.received,
    });
    this.router = new EmulatorRouter(
      {
        accounts: [options.credentials ?? EMULATOR_ACCOUNT].flat(),
        agenda: this.agenda,
        ids,
        book: this.book,
        tokens: this.tokens,
        prompts: this.promptRegister,
        tokenAnswers: this.tokenAnswers,
      },
      new PhoneApi(this.promptRegister, this.book, this.events, this.panel, state),
      () => {
        this.panel.events.publish();
      },
    );
    this.server = createServer(
      { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => {
        void this.router.handle(request, response);
      },
    );
  }

  /**
   * Listens on 127.0.0.1 alone. Resolves with the base URL; port 0 takes a free one.
   * @throws the system's error, such as `EADDRINUSE`
   */
  async listen(port = 0): Promise<string> {
    if (this.closed) throw new Error('This emulator was closed; make a new one.');
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return this.baseUrl;
  }

  /** Ends connections, deliveries and everything that was to come. May be called twice. */
  close(): Promise<void> {
    this.closed ??= (async () => {
      this.agenda.stop();
      this.courier.close();
      this.events.close();
      this.panel.events.close();
      if (this.server.listening) {
        await new Promise<void>((resolve) => {
          this.server.close(() => {
            resolve();
          });
          this.server.closeAllConnections();
        });
      }
      await this.agenda.idle();
    })();
    return this.closed;
  }

  /** Scheme, host and port, without a trailing slash: the `baseUrl` option of the module. */
  get baseUrl(): string {
    const address = this.server.address() as AddressInfo | null;
    if (!address) throw new Error('The emulator does not listen: call listen() first.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The page of the virtual phone. */
  get phoneUrl(): string {
    return `${this.baseUrl}/phone`;
  }

  /** Scripts the next pushes, one scenario each, in this order. */
  next(...scenarios: (EmulatorScenario | EmulatorScenarioName)[]): this {
    this.book.next(scenarios);
    return this;
  }

  /**
   * Scripts all pushes to a phone number, or of an amount: the first one gets the first scenario, and
   * so on; the last scenario goes on for ever. Of several rules the newest counts.
   */
  on(match: EmulatorMatch, ...scenarios: (EmulatorScenario | EmulatorScenarioName)[]): this {
    this.book.on(match, scenarios);
    return this;
  }

  /** Scripts the answers to the next token requests, in this order. */
  nextToken(...answers: WireAnswer[]): this {
    this.tokenAnswers.push(...answers);
    return this;
  }

  /** Makes all access tokens void: calls with them are answered 404.001.03. */
  revokeTokens(): void {
    this.tokens.revokeAll();
  }

  /**
   * The customer types the right PIN.
   * @throws {EmulatorPromptError} if there is no such prompt, or it was answered before
   */
  approve(checkoutRequestId: string): EmulatorPrompt {
    return this.promptRegister.enterPin(checkoutRequestId);
  }

  /**
   * The customer types a PIN; a wrong one ends the prompt with 2001.
   * @throws {EmulatorPromptError} if there is no such prompt, or it was answered before
   */
  enterPin(checkoutRequestId: string, pin: string): EmulatorPrompt {
    return this.promptRegister.enterPin(checkoutRequestId, pin);
  }

  /**
   * The customer cancels: 1032.
   * @throws {EmulatorPromptError} if there is no such prompt, or it was answered before
   */
  cancel(checkoutRequestId: string): EmulatorPrompt {
    return this.promptRegister.cancel(checkoutRequestId);
  }

  /**
   * The customer puts the phone away: 1037, at the end of the prompt's lifetime.
   * @throws {EmulatorPromptError} if there is no such prompt, or it was answered before
   */
  ignore(checkoutRequestId: string): EmulatorPrompt {
    return this.promptRegister.ignore(checkoutRequestId);
  }

  /** Prompts, live and past, by CheckoutRequestID; snapshots, so ask again after a change. */
  get prompts(): ReadonlyMap<string, EmulatorPrompt> {
    return this.promptRegister.views;
  }

  /**
   * Every request to Daraja's side, in the order of arrival; those of the virtual phone are left
   * out.
   */
  get received(): readonly EmulatorRequest[] {
    return this.router.received;
  }

  /** Every callback that was sent, and what came of it. */
  get deliveries(): readonly EmulatorDelivery[] {
    return this.courier.deliveries;
  }

  /** Resolves when no callback is under way or due; one that is due later is not waited for. */
  idle(): Promise<void> {
    return this.agenda.idle();
  }
}
