/** Reads Prometheus' files of this project as data, for the tests about them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const PROMETHEUS_FOLDER = new URL('../prometheus/', import.meta.url).pathname;

/** One recording rule or alert. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One `promql_expr_test` of promtool. */
export interface ExpressionTest {
  readonly expr: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

interface RuleTestFile {
  readonly tests: readonly { readonly promql_expr_test?: readonly ExpressionTest[] }[];
}

/** A YAML file below `prometheus/`. */
export function readYaml<Shape>(name: string): Shape {
  return parse(readFileSync(join(PROMETHEUS_FOLDER, name), 'utf8')) as Shape;
}

/** The rules of a file, over all its groups. */
export function rulesOf(name: string): readonly Rule[] {
  return readYaml<RuleFile>(name).groups.flatMap(({ rules }) => rules);
}

/** Names of promtool's test files, below `prometheus/`. */
export function ruleTestFiles(): readonly string[] {
  return readdirSync(join(PROMETHEUS_FOLDER, 'tests'))
    .filter((name) => name.endsWith('.test.yml'))
    .map((name) => `tests/${name}`);
}

/** What promtool is asked in all test files. */
export function expressionTests(): readonly ExpressionTest[] {
  return ruleTestFiles()
    .flatMap((name) => readYaml<RuleTestFile>(name).tests)
    .flatMap(({ promql_expr_test: tests = [] }) => tests);
}
