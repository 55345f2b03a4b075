import { FeedtapeError } from '../../model/errors.ts'

/** What is told of accounts, and by which option it was asked for. */
export interface AccountTopic {
  /** As an error counts them: `fill`. */
  readonly what: 'fill' | 'position'
  readonly option: string
}

/** The one account whose words count: that which was asked for, or the first that is named. */
export class OneAccount {
  readonly #topic: AccountTopic
  readonly #asked: string | undefined
  #account: string | undefined
  readonly #others = new Set<string>()
  /** By id, while nobody has said whose they are. */
  readonly #nobodys = new Set<string>()

  constructor(topic: AccountTopic, asked: string | undefined) {
    this.#topic = topic
    this.#asked = asked
    this.#account = asked
  }

  get account(): string | undefined {
    return this.#account
  }

  get others(): readonly string[] {
    return [...this.#others].sort()
  }

  /** Things of which nobody has said whose they are, and that were left out for it. */
  get withoutAccount(): number {
    return this.#nobodys.size
  }

  /** Throws `ambiguous` at a second account, unless one was asked for. */
  takes(id: string, account: string | undefined, isKnown: boolean): boolean {
    if (account === undefined) {
      if (this.#asked === undefined || isKnown) return true
      this.#nobodys.add(id)
      return false
    }
    this.#nobodys.delete(id)
    this.#account ??= account
    if (account === this.#account) return true
    if (this.#asked === undefined) throw twoAccounts(this.#topic, this.#account, account)
    this.#others.add(account)
    return false
  }

  /** Throws `bad-positions` where the account that was asked for has nothing, and others have. */
  refuseStranger(isEmpty: boolean): void {
    if (isEmpty && this.#others.size > 0) throw noSuchAccount(this.#topic, this.#asked ?? '', this.others)
  }
}

function twoAccounts({ what, option }: AccountTopic, one: string, other: string): FeedtapeError {
  return new FeedtapeError('ambiguous', `the tapes have ${what}s of more than one account`, {
    where: option,
    expected: 'one account: the positions of two are not one',
    found: `${one}, ${other}`,
    next: `--account ${one} (or another of them)`,
  })
}

function noSuchAccount({ what }: AccountTopic, asked: string, others: readonly string[]): FeedtapeError {
  return new FeedtapeError('bad-positions', `the tapes have no ${what} of this account`, {
    where: `--account ${asked}`,
    expected: `an account that has ${what}s`,
    found: others.join(', '),
    next: 'choose one of them; accounts are named by their ids',
  })
}
