import { describe, expect, it } from 'vitest'
import { readConfigYaml } from './config-yaml.js'
import { readConfigurationFile } from './configuration-file.js'
import { readFlinkConf } from './flink-conf.js'
import { readRestartDescription } from './restart-description.js'
import { readCheckpointsConfig } from './rest-checkpoints-config.js'
import { readSetOption } from './set-option.js'

describe('config.yaml', () => {
  it('reads nested keys, keys with dots and lists, with line and column', () => {
    const text = [
      'execution:',
      '  checkpointing:',
      '    interval: 10 s',
      '    unaligned.enabled: true',
      'restart-strategy.type: none',
      'x: [a, b]',
    ].join('\n')
    expect(readConfigYaml(text, 'config.yaml').entries).toEqual([
      { key: 'execution.checkpointing.interval', text: '10 s', where: 'config.yaml:3:15' },
      { key: 'execution.checkpointing.unaligned.enabled', text: 'true', where: 'config.yaml:4:24' },
      { key: 'restart-strategy.type', text: 'none', where: 'config.yaml:5:24' },
      { key: 'x', text: 'a;b', where: 'config.yaml:6:4' },
    ])
  })
  it('accepts a file without any value', () => {
    expect(readConfigYaml('# nothing\n', 'config.yaml').entries).toEqual([])
  })
  it('says where it is not YAML or not a mapping', () => {
    expect(() => readConfigYaml('a: 1\nb: [1', 'c.yaml')).toThrow(/^c\.yaml:2:/)
    expect(() => readConfigYaml('- a\n- b', 'c.yaml')).toThrow(/^c\.yaml:1:1: found no mapping/)
    expect(() => readConfigYaml('a: 1\na: 2', 'c.yaml')).toThrow(/^c\.yaml:2:1: not YAML/)
  })
})

describe('flink-conf.yaml', () => {
  it('takes one key: value a line and drops comments', () => {
    const { entries, warnings } = readFlinkConf(
      '# c\nstate.backend: rocksdb # why\n\n  high-availability: NONE\nbroken:line\n',
      'flink-conf.yaml',
    )
    expect(entries).toEqual([
      { key: 'state.backend', text: 'rocksdb', where: 'flink-conf.yaml:2:1' },
      { key: 'high-availability', text: 'NONE', where: 'flink-conf.yaml:4:3' },
    ])
    expect(warnings).toEqual(["flink-conf.yaml:5:1: Flink ignores this line, because it is not 'key: value': broken:line"])
  })
})

describe('answers of the REST interface', () => {
  it('leaves interval and mode out when checkpointing is off', () => {
    const { entries } = readCheckpointsConfig(
      JSON.parse('{"mode":"at_least_once","interval":9223372036854775807,"timeout":60000}'),
      'c.json',
    )
    expect(entries.map((entry) => entry.key)).toEqual(['execution.checkpointing.timeout'])
  })
  it('names the JSON path of a wrong type', () => {
    expect(() => readConfigurationFile('{"mode":"exactly_once","interval":100,"timeout":"long"}', 'c.json')).toThrow(
      'c.json $.timeout: cannot be "long"; allowed: a number; the answer of /jobs/:jobid/checkpoints/config',
    )
  })
  it('refuses JSON that is something else', () => {
    expect(() => readConfigurationFile('{"jobs":[]}', 'jobs.json')).toThrow(/^jobs\.json: JSON, but no configuration/)
  })
})

describe('restart strategy as a sentence', () => {
  it.each([
    ['Cluster level default restart strategy', []],
    ['Restart deactivated.', [['restart-strategy.type', 'none']]],
    [
      'Restart with fixed delay (PT0.05S). #10 restart attempts.',
      [
        ['restart-strategy.type', 'fixed-delay'],
        ['restart-strategy.fixed-delay.delay', 'PT0.05S'],
        ['restart-strategy.fixed-delay.attempts', '10'],
      ],
    ],
    [
      'Failure rate restart with maximum of 3 failures within interval PT5M and fixed delay PT10S.',
      [
        ['restart-strategy.type', 'failure-rate'],
        ['restart-strategy.failure-rate.max-failures-per-interval', '3'],
        ['restart-strategy.failure-rate.failure-rate-interval', 'PT5M'],
        ['restart-strategy.failure-rate.delay', 'PT10S'],
      ],
    ],
    [
      'Restart with exponential delay: starting at PT1S, increasing by 1.500000, with maximum PT1M. Delay resets after PT1H with jitter 0.100000',
      [
        ['restart-strategy.type', 'exponential-delay'],
        ['restart-strategy.exponential-delay.initial-backoff', 'PT1S'],
        ['restart-strategy.exponential-delay.backoff-multiplier', '1.500000'],
        ['restart-strategy.exponential-delay.max-backoff', 'PT1M'],
        ['restart-strategy.exponential-delay.reset-backoff-threshold', 'PT1H'],
        ['restart-strategy.exponential-delay.jitter-factor', '0.100000'],
      ],
    ],
  ])('%s', (sentence, entries) => {
    expect(readRestartDescription(sentence)).toEqual(entries)
  })
  it('reads decimals of any locale of the JVM', () => {
    const sentence =
      'Restart with exponential delay: starting at PT1S, increasing by 1,500000, with maximum PT1M. Delay resets after PT1H with jitter 0,100000'
    expect(readRestartDescription(sentence)).toEqual(readRestartDescription(sentence.replace(/(\d),(\d)/g, '$1.$2')))
    expect(readRestartDescription(sentence)).toContainEqual(['restart-strategy.exponential-delay.backoff-multiplier', '1.500000'])
  })
  it('does not guess at others', () => {
    expect(readRestartDescription('Restart when the moon is full')).toBeUndefined()
  })
})

describe('--set', () => {
  it('splits at the first =', () => {
    expect(readSetOption('a.b=c=d').entries).toEqual([{ key: 'a.b', text: 'c=d', where: '--set a.b' }])
  })
  it('refuses what is no setting', () => {
    expect(() => readSetOption('interval')).toThrow(/^--set interval: not a setting/)
  })
})
