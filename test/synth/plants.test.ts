import { describe, expect, test } from 'vitest'
import { PLANTS, renderWire, WIRES, wireNamed } from '../../src/synth/index.ts'
import { differencesOf, wrongFills } from './differences.ts'
import { sessionOf, tell, truthOf } from './session.ts'

const SEEDS = [21, 22]
const MINUTES = 3

describe('an error that is planted in one wire', () => {
  test('is refused where the session has no place for it', () => {
    const wire = wireNamed('tradovate-user-data')
    if (wire === undefined) throw new Error('no such wire')
    const truth = { ...truthOf(1, 1), orders: [] }
    expect(() => renderWire(wire, truth, 'wrong-fill')).toThrowError(
      expect.objectContaining({ code: 'usage', where: '--plant wrong-fill' }),
    )
  })

  test('of each kind can be planted in some wire', () => {
    const declared = WIRES.flatMap(wire => wire.declare(truthOf(1, 1), { next: () => 0 }).plants)
    expect(new Set(declared)).toEqual(new Set(Object.keys(PLANTS)))
  })

  for (const seed of SEEDS) {
    const clean = sessionOf({ seed, minutes: MINUTES })
    const { told, truth, truthSide } = clean
    for (const { rendered, side: honest } of told) {
      for (const kind of rendered.declares.plants) {
        test(`seed ${seed}: ${kind} in ${honest.name} is found, against the truth and by the other wires`, () => {
          const { reading, rendered: changed, side } = tell(truth, rendered.wire, kind)
          expect(changed.planted?.text).toContain(kind)
          if (kind === 'wrong-fill') {
            // Told again at each reconnect.
            expect(new Set(wrongFills(reading, truth)).size).toBe(1)
            return
          }
          const found = differencesOf(truthSide, side, truth)
          expect(found.length).toBeGreaterThan(0)
          if (changed.planted?.market !== undefined) {
            // It is named where it is, and nowhere else.
            for (const text of found) expect(text).toContain(changed.planted.market)
          }
          const witnesses = told.map(one => one.side).filter(one => one.name !== side.name)
          const against = witnesses.filter(one => differencesOf(one, side, truth).length > 0)
          expect(against.length).toBeGreaterThan(0)
        })
      }
    }
  }
})
