/** What did not simply pass; a case without it did. */
export interface JunitOutcome {
  /** `failure`: the answer is no; `error`: it could not be asked; `skipped`: it was not. */
  readonly kind: 'failure' | 'error' | 'skipped'
  /** One line. */
  readonly message: string
  readonly text?: string
}

export interface JunitCase {
  readonly name: string
  /** What CI groups by; without it the suite's name. */
  readonly className?: string
  readonly seconds?: number
  readonly outcome?: JunitOutcome
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

/**
 * JUnit's XML as GitHub, GitLab and Jenkins read it: no time of day and no host, so that equal results are equal
 * bytes.
 */
export function junitXml(suites: readonly JunitSuite[]): string {
  const cases = suites.flatMap(suite => suite.cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${countsOf(cases)}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteLines({ name, cases }: JunitSuite): readonly string[] {
  return [
    `  <testsuite name="${xmlText(name)}"${countsOf(cases)}>`,
    ...cases.flatMap(one => caseLines(one, name)),
    '  </testsuite>',
  ]
}

function caseLines({ name, className, seconds, outcome }: JunitCase, suite: string): readonly string[] {
  const time = seconds === undefined ? '' : ` time="${seconds.toFixed(3)}"`
  const open = `    <testcase name="${xmlText(name)}" classname="${xmlText(className ?? suite)}"${time}`
  if (outcome === undefined) return [`${open}/>`]
  const { kind, message, text } = outcome
  const start = `      <${kind} message="${xmlText(message)}"`
  const body = text === undefined ? `${start}/>` : `${start}>${xmlText(text)}</${kind}>`
  return [`${open}>`, body, '    </testcase>']
}

function countsOf(cases: readonly JunitCase[]): string {
  const count = (kind: JunitOutcome['kind']): number =>
    cases.filter(({ outcome }) => outcome?.kind === kind).length
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
}

/** What XML 1.0 cannot hold, not even escaped. */
const UNWRITABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Foreign text as XML, in an attribute or between tags; what XML cannot hold is shown as `\u001b`. */
export function xmlText(text: string): string {
  return text
    .replace(UNWRITABLE, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"']/g, mark => ENTITIES[mark] ?? mark)
}
