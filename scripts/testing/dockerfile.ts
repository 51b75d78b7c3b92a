/** Reads a Dockerfile as data: its stages, and the instructions of each. Knows what server/Dockerfile uses. */

/** One instruction: `RUN npm ci`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** From one FROM to the next. */
export interface Stage {
  readonly name: string;
  readonly image: string;
  readonly instructions: readonly Instruction[];
}

/** @throws SyntaxError when it does not begin with a named stage */
export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { name: string; image: string; instructions: Instruction[] }[] = [];
  const lines = text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const [, image = '', name = ''] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (name !== '') stages.push({ name, image, instructions: [] });
    else pushInstruction(stages.at(-1)?.instructions, line);
  }
  return stages;
}

function pushInstruction(instructions: Instruction[] | undefined, line: string): void {
  const [, name, text] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
  if (instructions === undefined || name === undefined || text === undefined) {
    throw new SyntaxError(`expected a stage with a name and instructions; received ${line}`);
  }
  instructions.push({ name, text });
}

/** The last instruction of that name in a stage; undefined where it has none. */
export function instructionOf({ instructions }: Stage, name: string): string | undefined {
  return instructions.findLast((instruction) => instruction.name === name)?.text;
}

/** The words of an exec form: `["node", "main.js"]`, with whatever stands before `CMD` cut off. */
export function execWords(text: string): readonly string[] {
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
}
