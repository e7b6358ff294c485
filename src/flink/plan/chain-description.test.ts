import { describe, expect, it } from 'vitest'
import { chainedName, readChainDescription } from './chain-description.js'

const shape = (description: string) => readChainDescription(description).map(({ name, chainedTo }) => [name, chainedTo])

describe('readChainDescription', () => {
  it('reads a line of operators', () => {
    expect(shape('Source: Src<br/>+- Map<br/>   +- Sink: Writer<br/>      +- Sink: Committer<br/>')).toEqual([
      ['Source: Src', undefined],
      ['Map', 0],
      ['Sink: Writer', 1],
      ['Sink: Committer', 2],
    ])
  })
  it('reads a chain that branches', () => {
    const branching = 'Process<br/>:- Map<br/>:  +- Sink: rejected<br/>+- Sink: Print to Std. Out<br/>'
    expect(shape(branching)).toEqual([
      ['Process', undefined],
      ['Map', 0],
      ['Sink: rejected', 1],
      ['Sink: Print to Std. Out', 0],
    ])
    expect(chainedName(readChainDescription(branching))).toBe('Process -> (Map -> Sink: rejected, Sink: Print to Std. Out)')
  })
  it('reads the other mode of description', () => {
    expect(shape('Source: A -&gt; (B -&gt; C, Window(T(5), x) -&gt; D)')).toEqual([
      ['Source: A', undefined],
      ['B', 0],
      ['C', 1],
      ['Window(T(5), x)', 0],
      ['D', 3],
    ])
  })
  it('unescapes what the generator escaped, once', () => {
    expect(shape('Map&lt;K, V&gt; &quot;x&quot; &#92; &amp;lt;')).toEqual([['Map<K, V> "x" \\ &lt;', undefined]])
  })
  it('leaves what stands for no character, and puts something in place of half a character', () => {
    expect(shape('&#1114112; &#xffffffff; &#xD83D; &bogus; &#x1F600;')).toEqual([
      ['&#1114112; &#xffffffff; \ufffd &bogus; \u{1F600}', undefined],
    ])
  })
  it('reads chains of any length', () => {
    const line = ['Source: A', ...Array.from({ length: 5000 }, (_, i) => `M${String(i)}`)].join(' -> ')
    expect(chainedName(readChainDescription(line))).toBe(line)
    const nested = `${'A -> (B, '.repeat(2000)}C${')'.repeat(2000)}`
    expect(chainedName(readChainDescription(nested))).toBe(nested)
  })
  it('takes a line without a mark for the rest of the name before it', () => {
    expect(shape('Calc(select=[a,<br/>b])<br/>+- Sink: x<br/>')).toEqual([
      ['Calc(select=[a, b])', undefined],
      ['Sink: x', 0],
    ])
  })
})
