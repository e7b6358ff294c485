/**
 * Reading JSON that somebody else wrote: a syntax error is reported with line and column, the same on every Node version
 * (V8's own message differs between versions and sometimes names no place).
 */
import { InputError } from './input-error.js'

/** Line and column, both from 1, of an offset in a text. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: offset - lastBreak }
}

/** A text without the byte order mark that some editors put in front. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** A text with a replacement character for each half of a surrogate pair that stands alone: not every output can carry one. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/**
 * Parses JSON.
 * @throws InputError naming `where:line:column` and what was expected there
 */
export function parseJsonText(given: string, where: string): unknown {
  const text = withoutByteOrderMark(given)
  const fault = new JsonScan(text).firstFault()
  if (fault === undefined) return JSON.parse(text)
  const { line, column } = lineAndColumn(text, fault.offset)
  throw new InputError(`${where}:${String(line)}:${String(column)}`, fault.found, fault.expected)
}

/** `$.nodes[2].id` from the steps of a path. */
export function jsonPath(steps: readonly PropertyKey[]): string {
  return steps.reduce<string>((path, step) => path + (typeof step === 'number' ? `[${String(step)}]` : `.${String(step)}`), '$')
}

interface Fault {
  readonly offset: number
  readonly found: string
  readonly expected: string
}

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** Characters within quotes, not too many at once: for a long text in one go an engine of regular expressions has too small a stack. */
const withinQuotes = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,1000}/y
const upToQuote = /(?:[^"\\]|\\[^]){1,1000}/y

/** Objects and lists within one another; no document of Flink's comes near. */
const deepest = 500

/** A recogniser of JSON that knows how far it came. */
class JsonScan {
  private at = 0
  private depth = 0
  private fault: Fault | undefined

  constructor(private readonly text: string) {}

  firstFault(): Fault | undefined {
    this.value()
    if (this.fault === undefined && this.peek() !== '') this.fail('the end of the text')
    return this.fault
  }

  private value(): void {
    const next = this.peek()
    if (next === '{') this.members('}', () => this.member())
    else if (next === '[') this.members(']', () => this.value())
    else if (!(next === '"' ? this.string() : this.take(scalar))) this.fail('a value')
  }

  private member(): void {
    this.peek()
    if (!this.string()) return this.fail('a name in double quotes')
    if (this.peek() !== ':') return this.fail("':'")
    this.at++
    this.value()
  }

  private members(close: string, one: () => void): void {
    if (++this.depth > deepest) return this.refuse(`more than ${String(deepest)} objects or lists within one another`, 'less depth')
    this.elements(close, one)
    this.depth--
  }

  private elements(close: string, one: () => void): void {
    this.at++
    if (this.peek() === close) {
      this.at++
      return
    }
    while (this.fault === undefined) {
      one()
      if (this.fault !== undefined) return
      const next = this.peek()
      this.at++
      if (next === close) return
      if (next !== ',') {
        this.at--
        this.fail(`',' or '${close}'`)
      }
    }
  }

  private peek(): string {
    while (' \t\n\r'.includes(this.text[this.at] ?? '-')) this.at++
    return this.text[this.at] ?? ''
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const matched = pattern.exec(this.text)
    if (matched === null) return false
    this.at += matched[0].length
    return true
  }

  /** Takes a text in quotes; leaves everything where it is when there is none. */
  private string(): boolean {
    const end = this.text[this.at] === '"' ? this.past(withinQuotes, this.at + 1) : this.at
    if (end === this.at || this.text[end] !== '"') return false
    this.at = end + 1
    return true
  }

  /** Where the repetitions of a pattern end. */
  private past(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    while (pattern.test(this.text)) from = pattern.lastIndex
    return from
  }

  private fail(expected: string): void {
    this.refuse(`not JSON, ${this.found()}`, expected)
  }

  private refuse(found: string, expected: string): void {
    this.fault ??= { offset: Math.min(this.at, this.text.length), found, expected }
  }

  private found(): string {
    const next = this.text[this.at]
    if (next === undefined) return 'the text ends here'
    return next === '"' && this.isOpen() ? 'the text ends within the quotes that begin here' : `found ${JSON.stringify(next)}`
  }

  /** Whether the quotes that begin here are never closed: the text was cut short. */
  private isOpen(): boolean {
    return this.text[this.past(upToQuote, this.at + 1)] !== '"'
  }
}
