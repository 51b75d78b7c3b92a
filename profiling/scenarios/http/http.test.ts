import { describe, expect, it } from 'vitest';
import { HTTP_ENDPOINT_NAMES } from '../../record/http-endpoints.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleHttpLoad } from '../../testing/sample-http.ts';
import { sampleOptions } from '../../testing/sample-options.ts';
import { http } from './http.ts';
import { autocannonFileOf, requestsOf } from './http-requests.ts';

const asking = (changes: Partial<ReturnType<typeof sampleOptions>['http']>) => ({
  http: { ...sampleOptions().http, ...changes },
});

describe('http', () => {
  it('loads one endpoint after the other, and keeps what autocannon itself says of each', async () => {
    const rehearsal = new Rehearsal({ connections: 7, ...asking({ timeoutMs: 2_000 }) });
    const { outcome, body } = await http.run(rehearsal.context());
    expect(outcome).toEqual({ state: 'completed' });
    expect(body.endpoints.map(({ name, method }) => `${method} ${name}`)).toEqual([
      'GET livez',
      'POST publish',
    ]);
    expect(rehearsal.httpPlans.map(({ request }) => request.path)).toEqual([
      '/livez',
      expect.stringMatching(/^\/matches\/\d+\/commentary$/),
    ]);
    for (const plan of rehearsal.httpPlans) {
      expect(plan).toMatchObject({ connections: 7, timeoutMs: 2_000, measureMs: 1_000 });
    }
    expect([...rehearsal.files.keys()]).toEqual(['autocannon/1-livez.json', 'autocannon/2-publish.json']);
    expect(JSON.parse(rehearsal.files.get('autocannon/1-livez.json') ?? '')).toMatchObject({ '2xx': 12_000 });
    expect(rehearsal.shown.map(({ phase }) => phase)).toEqual([
      ...['warm-up', 'measure', 'drain'],
      ...['warm-up', 'measure', 'drain'],
    ]);
  });

  it('scrapes before the first request and after the last answer of each endpoint', async () => {
    const rehearsal = new Rehearsal(asking({ endpoints: ['livez'] }));
    await http.run(rehearsal.context());
    // Before, twice in the window, after.
    expect(rehearsal.happened).toEqual(['scrape', 'scrape', 'scrape', 'scrape']);
  });

  it('keeps what was measured when it is interrupted', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.http = ({ connections }) => {
      rehearsal.interrupt.abort();
      return sampleHttpLoad({ connections, load: { state: 'interrupted', autocannon: null } });
    };
    const { outcome, body } = await http.run(rehearsal.context());
    expect(outcome).toMatchObject({ state: 'interrupted', message: expect.stringContaining('GET /livez') });
    expect(body.endpoints).toMatchObject([{ name: 'livez', autocannonFile: null }]);
    expect(rehearsal.files.size).toBe(0);
  });

  it('ends when the server is gone, and goes on when it merely answers no more', async () => {
    const lost = new Rehearsal();
    lost.http = ({ connections }) => sampleHttpLoad({ connections, load: { state: 'lost-target' } });
    lost.answers = false;
    expect((await http.run(lost.context())).outcome).toMatchObject({
      state: 'aborted',
      code: 'TL_TARGET_DIED',
    });
    lost.answers = true;
    const { outcome, body } = await http.run(lost.context());
    expect([outcome.state, body.endpoints.length % 2]).toEqual(['completed', 0]);
  });
});

describe('requestsOf', () => {
  it('knows every endpoint of the server, and posts to a match of the run', () => {
    const options = sampleOptions({ matchId: 7, ...asking({ endpoints: HTTP_ENDPOINT_NAMES }) });
    const requests = requestsOf(options, 1_000);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /livez',
      'GET /readyz',
      'GET /',
      'POST /matches/7/commentary',
      'GET /matches/7/commentary?limit=20',
      'GET /config',
      'GET /stats',
      'GET /ticks/symbols',
    ]);
    const [posted] = requests.filter(({ publishes }) => publishes);
    expect(JSON.parse(posted?.body ?? '').text).toHaveLength(200);
    expect(requests.filter(({ withToken }) => withToken)).toEqual([posted]);
  });

  it('asks for paths with GET instead, and posts nothing', () => {
    const requests = requestsOf(sampleOptions(asking({ paths: ['/a', '/b?c=1'] })), 1_000);
    expect(requests.map(({ name, method, publishes }) => [name, method, publishes])).toEqual([
      ['/a', 'GET', false],
      ['/b?c=1', 'GET', false],
    ]);
  });
});

describe('autocannonFileOf', () => {
  it.each([
    ['livez', 'autocannon/1-livez.json'],
    ['/', 'autocannon/1-root.json'],
    ['/../../etc/passwd', 'autocannon/1-etc-passwd.json'],
    [`/${'x'.repeat(500)}`, `autocannon/1-${'x'.repeat(60)}.json`],
  ])('is a file in the folder of the run whatever the path: %s', (name, file) => {
    expect(autocannonFileOf(name, 0)).toBe(file);
  });
});
