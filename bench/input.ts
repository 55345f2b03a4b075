import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Decimal } from '../src/model/decimal.ts'
import { decimalFromText } from '../src/model/decimal.ts'
import type { Fill } from '../src/pnl/index.ts'
import type { Message } from './message.ts'
import { START_MICROS, writeTapes } from './tape.ts'

/** A tape on disk, and the same as the floor wants it: lines that are strings already, packets whose place is known. */
export interface Input {
  readonly name: string
  readonly path: string
  readonly frames: number
  readonly bytes: number
  /** The frames' lines. */
  readonly lines: readonly string[]
  /** One a line. */
  readonly cuts: readonly (readonly number[])[]
  readonly fills: readonly Fill[]
}

/** Makes a tape of the messages, one connection, `spacing` µs apart, as the recorder writes it. */
export async function writeInput(
  folder: string,
  name: string,
  messages: Iterable<Message>,
  spacing: number,
  held: readonly string[],
): Promise<Input> {
  const path = join(folder, `${name.replaceAll(' ', '-')}.tape.jsonl`)
  const cuts: (readonly number[])[] = []
  const { endAt } = await writeTapes([path], cutsKept(messages, cuts), spacing)
  const text = await readFile(path, 'latin1')
  const lines = text.split('\n').filter(line => line.startsWith('{"kind":"frame"'))
  return { name, path, frames: lines.length, bytes: text.length, lines, cuts, fills: fillsOf(held, endAt) }
}

function* cutsKept(messages: Iterable<Message>, cuts: (readonly number[])[]): Generator<Message> {
  for (const message of messages) {
    cuts.push(message.cuts)
    yield message
  }
}

/** Long and short ones, open at the start; a third is reduced at half-time and a fifth is turned over. */
function fillsOf(held: readonly string[], length: number): readonly Fill[] {
  const opened = held.map((instrument, index): Fill => {
    const side = index % 2 === 0 ? 'buy' : 'sell'
    return {
      instrument,
      side,
      quantity: decimal('3'),
      price: decimal('10000.25'),
      fee: decimal('1.5'),
      line: index + 1,
    }
  })
  const half = START_MICROS + Math.floor(length / 2)
  const [, second, , fourth] = held
  const later = [second, fourth].flatMap((instrument, index): Fill[] => {
    if (instrument === undefined) return []
    const quantity = decimal(index === 0 ? '1' : '5')
    return [
      {
        instrument,
        at: half,
        side: 'buy',
        quantity,
        price: decimal('9999.5'),
        line: opened.length + index + 1,
      },
    ]
  })
  return [...opened, ...later]
}

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}
