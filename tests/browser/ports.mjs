// Two nodes on one host name in one browser: it gives a host's cookies to all its ports, and still nobody is signed out by the other.
import { done, is, Node, ok, open } from './node.mjs';

const a = await Node.make('a', '甲公司', '91110000802100433B');
const b = await Node.make('b', '乙公司', '91330100MA2BENCH5M');
const page = await open();
page.expect = (text) => /\/api\/v1\/session|status of 40[14]/.test(text);

async function signIn(n) {
	const added = await n.run('person', 'add', '数据经理', '--role', 'owner');
	await page.goto(/https?:\/\/\S+\/signin#\S+/.exec(added.out)[0]);
	await page.click('.signin button.primary');
	await page.waitForSelector('aside nav');
}
// Asked by the node's own page.
async function session(n, method = 'GET') {
	await page.goto(`${n.url}/`);
	await page.waitForSelector('aside nav, .signin h1');
	return page.evaluate(async (how) => {
		const now = await fetch('/api/v1/session');
		const said = now.ok ? await now.json() : {};
		if (how === 'GET')
			return { status: now.status, person: said.person };
		return { status: (await fetch('/api/v1/session', { method: how, headers: { 'X-CSRF-Token': said.csrf } })).status };
	}, method);
}

await signIn(a);
const first = await session(a);
is(first.status, 200, 'a person is signed in at one node');
is((await session(b)).status, 401, 'and not thereby at the other');
await signIn(b);
const cookies = await page.context().cookies();
is(cookies.length, 2, 'signed in at both, the browser has two cookies');
ok(cookies[0].name !== cookies[1].name && cookies.every((c) => /^shugu_session_[0-9a-f]{8}$/.test(c.name)), 'each by the name of its node', cookies.map((c) => c.name));
ok(cookies.every((c) => c.httpOnly && c.sameSite === 'Strict' && c.path === '/' && !c.secure), 'as they are without TLS', cookies);
is(await session(a), first, 'the first session goes on');
const second = await session(b);
is(second.status, 200, 'beside the second');
ok(second.person !== first.person, 'of another person');
is((await session(b, 'DELETE')).status, 204, 'one signs out');
is((await session(b)).status, 401, 'there alone');
is((await session(a)).status, 200, 'the other session goes on');
is(page.wrong, [], 'and nothing else happened');
await done();
