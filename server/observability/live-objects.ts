/** Every live object of this process, by V8's own search of the heap. */

import inspector from 'node:inspector';

/** Calls `visit` with each object that is alive after a full collection and inherits from `Object.prototype`. */
export type VisitObjects = (visit: (object: object) => void) => void;

/** Where the function that V8 calls is found for as long as it is called: the inspector cannot be handed one. */
const VISIT = 'touchline.visitLiveObject';

/**
 * `v8.queryObjects` answers for one class and collects garbage for each; the inspector's query behind it hands over
 * the objects themselves, so that one search answers for all classes. The inspector stays closed to the network.
 *
 * @returns null where Node was built without an inspector
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-queryObjects
 */
export function findVisitor(): VisitObjects | null {
  return process.features.inspector ? visitLiveObjects : null;
}

/**
 * Stays open: the end of any session makes V8 forget the ids of objects, by which heap snapshots taken before and after
 * would be compared. It holds nothing between two searches.
 */
let session: inspector.Session | null = null;

function openSession(): inspector.Session {
  if (session === null) {
    session = new inspector.Session();
    session.connect();
  }
  return session;
}

function visitLiveObjects(visit: (object: object) => void): void {
  const asked = openSession();
  const slot = Symbol.for(VISIT);
  Reflect.set(globalThis, slot, visit);
  const held: Handle[] = [];
  const hold = (handle: Handle) => {
    held.push(handle);
    return handle;
  };
  try {
    const root = hold(evaluate(asked, 'Object.prototype'));
    callWithEach(asked, hold(query(asked, root)));
  } finally {
    Reflect.deleteProperty(globalThis, slot);
    // What was found would stay alive with the session.
    for (const objectId of held) asked.post('Runtime.releaseObject', { objectId });
  }
}

type Handle = string;

function evaluate(session: inspector.Session, expression: string): Handle {
  const { result } = ask<inspector.Runtime.EvaluateReturnType>((answer) =>
    session.post('Runtime.evaluate', { expression }, answer),
  );
  return handleOf(result);
}

function query(session: inspector.Session, prototypeObjectId: Handle): Handle {
  const { objects } = ask<inspector.Runtime.QueryObjectsReturnType>((answer) =>
    session.post('Runtime.queryObjects', { prototypeObjectId }, answer),
  );
  return handleOf(objects);
}

function callWithEach(session: inspector.Session, objectId: Handle): void {
  const functionDeclaration = `function () {
    const visit = globalThis[Symbol.for('${VISIT}')];
    for (let index = 0; index < this.length; index += 1) visit(this[index]);
  }`;
  const { exceptionDetails } = ask<inspector.Runtime.CallFunctionOnReturnType>((answer) =>
    session.post('Runtime.callFunctionOn', { functionDeclaration, objectId }, answer),
  );
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
}

/** A session in the same thread answers before `post` returns. */
function ask<Answer>(post: (answer: (error: Error | null, result?: Answer) => void) => void): Answer {
  let result: Answer | undefined;
  post((error, answered) => {
    if (error !== null) throw error;
    result = answered;
  });
  if (result === undefined) throw new Error('expected an answer of the inspector at once');
  return result;
}

function handleOf({ objectId }: inspector.Runtime.RemoteObject): Handle {
  if (objectId === undefined) throw new Error('expected the inspector to hand over an object');
  return objectId;
}
