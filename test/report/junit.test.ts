import { describe, expect, test } from 'vitest'
import { junitXml, xmlText } from '../../src/report/junit.ts'

describe('JUnit XML', () => {
  test('of nothing is a document that counts nothing', () => {
    expect(junitXml([])).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<testsuites tests="0" failures="0" errors="0" skipped="0">\n</testsuites>\n',
    )
  })

  test('counts failures, errors and skips per suite and in all', () => {
    const xml = junitXml([
      {
        name: 'diff',
        cases: [
          { name: 'ES last' },
          { name: 'ES bid', outcome: { kind: 'failure', message: '2 ticks', text: 'at 1 s' }, seconds: 0.5 },
        ],
      },
      { name: 'verify', cases: [{ name: 'x', className: 'y', outcome: { kind: 'skipped', message: 'no' } }] },
    ])
    expect(xml).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites tests="3" failures="1" errors="0" skipped="1">',
        '  <testsuite name="diff" tests="2" failures="1" errors="0" skipped="0">',
        '    <testcase name="ES last" classname="diff"/>',
        '    <testcase name="ES bid" classname="diff" time="0.500">',
        '      <failure message="2 ticks">at 1 s</failure>',
        '    </testcase>',
        '  </testsuite>',
        '  <testsuite name="verify" tests="1" failures="0" errors="0" skipped="1">',
        '    <testcase name="x" classname="y">',
        '      <skipped message="no"/>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    )
  })

  test('holds foreign text as text, and shows what XML cannot hold', () => {
    expect(xmlText('<a b="c">&\'')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;&apos;')
    expect(xmlText('\u001b[2J\u0000 \ud800 🍣 \udc00\ufffe\n')).toBe(
      '\\u001b[2J\\u0000 \\ud800 🍣 \\udc00\\ufffe\n',
    )
  })
})
