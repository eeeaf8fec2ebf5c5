// Nodes on loopback, a browser, and TAP: for tests/browser/*.mjs. A test ends with done(); what it started ends with it.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const shugu = process.env.SHUGU || 'build/shugu';
export const pictures = join(process.env.SHUGU_BUILD || 'build', 'browser');
export const dir = mkdtempSync(join(tmpdir(), 'shugu-browser-'));
mkdirSync(pictures, { recursive: true });

let made = 0, failed = 0;
export function ok(good, name, why) {
	made++;
	failed += good ? 0 : 1;
	console.log(`${good ? 'ok' : 'not ok'} ${made} - ${name.replace(/[\n#]/g, ' ')}`);
	if (!good && why !== undefined)
		console.log(String(typeof why === 'string' ? why : JSON.stringify(why, null, 1)).split('\n').slice(0, 40).map((l) => `# ${l}`).join('\n'));
	return good;
}
export const is = (got, want, name) => ok(JSON.stringify(got) === JSON.stringify(want), name, `got ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`);

const served = [];
let browser;
export async function done() {
	if (browser)
		await browser.close().catch(() => {});
	for (const n of served.splice(0))
		await n.stop();
	rmSync(dir, { recursive: true, force: true });
	console.log(`1..${made}`);
	process.exit(failed ? 1 : 0);
}
process.on('exit', () => served.forEach((n) => n.process && n.process.kill('SIGKILL')));
for (const signal of ['SIGTERM', 'SIGINT'])
	process.on(signal, () => process.exit(1));

const freePort = () => new Promise((found, fail) => {
	const s = createServer().once('error', fail).listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => found(port)); });
});
export const pause = (ms) => new Promise((then) => setTimeout(then, ms));

// Asks until the answer is true, or the time is over: then the last answer.
export async function until(ask, ms = 20000) {
	const end = Date.now() + ms;
	for (;;) {
		const got = await ask();
		if (got || Date.now() > end)
			return got;
		await pause(50);
	}
}

export class Node {
	constructor(short, port) {
		Object.assign(this, { data: join(dir, short), log: join(dir, `${short}.log`), port, url: `http://localhost:${port}`, did: `did:web:localhost%3A${port}` });
	}
	static async make(short, name, uscc) {
		const n = new Node(short, await freePort());
		const r = await n.run('init', '--name', name, '--uscc', uscc, '--url', n.url, '--allow-loopback');
		if (r.code !== 0)
			throw new Error(`init: ${r.err}`);
		n.said = r.out;
		await n.start();
		n.token = readFileSync(join(n.data, 'keys/operator.token'), 'utf8').trim();
		return n;
	}
	run(command, ...args) {
		return new Promise((then) => execFile(shugu, [command, '--data', this.data, ...args], { timeout: 30000 }, (e, out, err) => then({ code: e ? e.code : 0, out, err })));
	}
	async start() {
		this.process = spawn(shugu, ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
		let said = '';
		const keep = (chunk) => { said += chunk; writeFileSync(this.log, said); };
		this.process.stdout.on('data', keep);
		this.process.stderr.on('data', keep);
		served.push(this);
		if (!await until(() => /^serving/m.test(said), 10000))
			throw new Error(`not served: ${said}`);
		this.said = `${this.said || ''}${said}`;
	}
	async stop(signal = 'SIGTERM') {
		const p = this.process;
		this.process = null;
		if (served.includes(this))
			served.splice(served.indexOf(this), 1);
		if (!p || p.exitCode !== null)
			return;
		const gone = new Promise((then) => p.once('exit', then));
		p.kill(signal);
		await Promise.race([gone, pause(5000).then(() => p.kill('SIGKILL'))]);
	}
	// As the operator. {status, headers, body, json}
	async api(method, path, body) {
		const res = await fetch(`${this.url}${path}`, {
			method, headers: { Authorization: `Bearer ${this.token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body && JSON.stringify(body),
		});
		const text = await res.text();
		let json;
		try { json = JSON.parse(text); } catch { /* not every answer is JSON */ }
		return { status: res.status, headers: res.headers, text, json };
	}
}

// One browser; every page of it tells what must not happen: errors of the console, requests to anywhere else, a script that ran.
// fileToo: a page that is a file may read itself.
export async function open({ fileToo, ...options } = {}) {
	browser ||= await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
	const context = await browser.newContext({ locale: 'zh-CN', ...options });
	const page = await context.newPage();
	page.wrong = [];
	page.expect = () => false; // what is no fault in this test
	page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !page.expect(m.text())) page.wrong.push(`console: ${m.text()} ${m.location().url}`); });
	page.on('pageerror', (e) => page.wrong.push(`error: ${e.stack || e}`));
	page.on('dialog', (d) => { page.wrong.push(`dialog: ${d.message()}`); d.dismiss().catch(() => {}); });
	page.on('request', (r) => { const u = r.url(); if (!/^(http:\/\/localhost:\d+\/|blob:http:\/\/localhost:|data:)/.test(u) && !(fileToo && /^(file|blob:null|blob:file):?/.test(u))) page.wrong.push(`request: ${u}`); });
	return page;
}
