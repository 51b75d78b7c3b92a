/** Kinds of settings: how a text becomes a value, and how default and range are shown to people. */

/** One line of the configuration table. */
export interface Setting<Value> {
  /** Unit or kind, as shown. */
  readonly unit: string;
  readonly defaultValue: Value;
  /** The default as shown. */
  readonly defaultText: string;
  /** What is expected, as shown and as named in problems. */
  readonly range: string;
  readonly help: string;
  /** The value, or undefined when the text is not in the range. */
  readonly parse: (text: string) => Value | undefined;
}

interface NumberShape {
  readonly unit: string;
  readonly defaultValue: number;
  readonly min: number;
  readonly max: number;
  readonly help: string;
}

/** A whole number. */
export function integerSetting(shape: NumberShape): Setting<number> {
  return numberSetting(shape, /^\d+$/, 'an integer');
}

/** A number that may have decimals. */
export function decimalSetting(shape: NumberShape): Setting<number> {
  return numberSetting(shape, /^\d+(\.\d+)?$/, 'a number');
}

function numberSetting(shape: NumberShape, pattern: RegExp, kind: string): Setting<number> {
  const { min, max, unit, defaultValue, help } = shape;
  return {
    unit,
    defaultValue,
    defaultText: String(defaultValue),
    range: `${kind} from ${min} to ${max}`,
    help,
    parse(text) {
      const value = Number(text);
      return pattern.test(text) && value >= min && value <= max ? value : undefined;
    },
  };
}

interface TextShape {
  readonly unit: string;
  readonly defaultValue: string;
  readonly pattern: RegExp;
  readonly range: string;
  readonly help: string;
}

/** A text that fits a pattern. */
export function textSetting({ pattern, ...shape }: TextShape): Setting<string> {
  return {
    ...shape,
    defaultText: shape.defaultValue,
    parse: (text) => (pattern.test(text) ? text : undefined),
  };
}

/** A text that stays null when it is not set. */
export function optionalSetting(shape: Omit<TextShape, 'defaultValue'>): Setting<string | null> {
  const { pattern, ...shown } = shape;
  return {
    ...shown,
    defaultValue: null,
    defaultText: '',
    parse: (text) => (pattern.test(text) ? text : undefined),
  };
}

interface ListShape {
  readonly unit: string;
  readonly range: string;
  readonly help: string;
  readonly isItem: (item: string) => boolean;
}

/** Items parted by commas; lower case. */
export function listSetting({ isItem, ...shape }: ListShape): Setting<readonly string[]> {
  return {
    ...shape,
    defaultValue: [],
    defaultText: '',
    parse(text) {
      const items = text
        .split(',')
        .map((item) => item.trim().toLowerCase())
        .filter((item) => item !== '');
      return items.every(isItem) ? items : undefined;
    },
  };
}

/** One of a few words. */
export function choiceSetting<const Choice extends string>(shape: {
  readonly choices: readonly Choice[];
  readonly defaultValue: Choice;
  readonly help: string;
}): Setting<Choice> {
  const { choices, defaultValue, help } = shape;
  return {
    unit: 'word',
    defaultValue,
    defaultText: defaultValue,
    range: `one of ${choices.join(', ')}`,
    help,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** One of a few words; null when it is not set. */
export function optionalChoiceSetting<Choice extends string>(shape: {
  readonly choices: readonly Choice[];
  readonly help: string;
}): Setting<Choice | null> {
  const { choices, help } = shape;
  return {
    unit: 'word',
    defaultValue: null,
    defaultText: '',
    range: `one of ${choices.join(', ')}`,
    help,
    parse: (text) => choices.find((choice) => choice === text),
  };
}
