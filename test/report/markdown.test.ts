import { expect, test } from 'vitest'
import { markdownTable, markdownText } from '../../src/report/markdown.ts'

test('a Markdown table fills short rows and sets numbers to the right', () => {
  expect(markdownTable(['field', 'ticks'], [['last', '1'], ['bid']], ['left', 'right'])).toEqual([
    '| field | ticks |',
    '| --- | ---: |',
    '| last | 1 |',
    '| bid |  |',
  ])
})

test('foreign text in Markdown stays text on one line', () => {
  expect(markdownText('a|b\n`c` *d* <img> [x](y) @team https://x.test \\')).toBe(
    'a\\|b\\\\u000a\\`c\\` \\*d\\* &lt;img&gt; \\[x\\](y) &#64;team https&#58;//x.test \\\\',
  )
})
