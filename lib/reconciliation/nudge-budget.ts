import { Injectable } from '@nestjs/common';
import { NudgeBudget } from '../attempts/nudge-budget.js';
import { DarajaAccounts } from '../daraja/daraja-accounts.js';
import { QueryBudget } from '../daraja/query-budget.js';

/** Of the budget of queries, the part for what nobody vouches for. */
@Injectable()
export class SharedNudgeBudget extends NudgeBudget {
  constructor(
    private readonly accounts: DarajaAccounts,
    private readonly budget: QueryBudget,
  ) {
    super();
  }

  async take(name: string): Promise<boolean> {
    const account = await this.accounts.find(name);
    return account !== null && this.budget.takeNudge(account);
  }
}
