import type { InstrumentFacts } from '../model/observation.ts'
import { ownText } from '../model/own-text.ts'
import type { WirePlace } from './wire-place.ts'

type NamingFacts = Pick<InstrumentFacts, 'symbol' | 'front' | 'isFront' | 'root'>

/**
 * What each feed last said about who is who. A wire repeats its facts with every snapshot, and tells an old one
 * again beside new ones: only a change of its own word is news, or a repeated front would undo a roll.
 */
export class WireNews {
  readonly #said = new Map<string, NamingFacts>()

  of(
    { name, symbol, front, isFront, root }: InstrumentFacts,
    place: WirePlace | undefined,
  ): NamingFacts | undefined {
    const isNaming = (symbol ?? front ?? isFront ?? root) !== undefined
    if (!isNaming) return undefined
    const key = `${place?.feed ?? ''} ${name}`
    const known = this.#said.get(key) ?? NOTHING
    const news = {
      ...(symbol === undefined || symbol === known.symbol ? {} : { symbol: ownText(symbol) }),
      ...(front === undefined || front === known.front ? {} : { front: ownText(front) }),
      ...(isFront === undefined || isFront === known.isFront ? {} : { isFront }),
      ...(root === undefined || root === known.root ? {} : { root: ownText(root) }),
    }
    if (Object.keys(news).length === 0) return undefined
    this.#said.set(key, { ...known, ...news })
    return news
  }
}

const NOTHING: NamingFacts = {}
