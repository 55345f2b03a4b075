import { expect, it } from 'vitest'
import { textForm, textLook, wordOf } from '../../../src/inspect/schema/text-look.ts'
import { randomAlphanumeric, seededRandom } from '../../../src/model/random.ts'

it.each([
  ['', 'text'],
  ['52.25', 'number'],
  ['-1e5', 'number'],
  ['2026-01-05T14:30:00.5Z', 'time'],
  ['2026-13-45T14:30:00Z', 'text'],
  ['{"a":1}', 'json'],
  ['qs_MwBrcNXADm7p', 'id'],
  ['qs_yZRiNbsCNEGJ', 'id'],
  ['a4a933321164adde8fc2475e13c2681325dc5b72', 'id'],
  ['0d7f9c1e-55aa-4c33-9b1f-1d2e3f405162', 'id'],
  ['delayed_streaming_600', 'word'],
  ['webChart', 'word'],
  ['sessionClosed', 'word'],
  ['CME_MINI', 'word'],
  ['Regular Trading Hours', 'word'],
  ['0.17287.567_mum1-charts', 'text'],
])('%s is a %s', (text, look) => {
  expect(textLook(text)).toBe(look)
})

it('ids drawn by chance are words in hardly any of 20,000', () => {
  const random = seededRandom(1)
  const words = Array.from({ length: 20_000 }, () => `qs_${randomAlphanumeric(random, 12)}`).filter(
    text => textLook(text) === 'word',
  )
  expect(words.length).toBeLessThan(40)
})

it('a form is what stands where, and not what it says', () => {
  expect(textForm('<0.17287.567>_sfo2-charts@x')).toBe('<9.9.9>_a-a@a')
  expect(wordOf('delayed_streaming_600')).toBe('delayed_streaming_#')
})
