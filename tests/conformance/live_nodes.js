// tests/conformance/live_nodes.js: nodes on free ports of the loopback, each behind a proxy that records what passes, and a
// plain connector. What is started is ended by stop(); every wait has an end.
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const http = require('http');
const path = require('path');

const BODY_MAX = 8 << 20;
const COMMAND_MS = 30000;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Asks until it answers something true; what came last, also where that is not so in time.
async function until(ask, ms = 15000) {
	for (const end = Date.now() + ms; ; await sleep(20)) {
		const got = await ask();
		if (got || Date.now() > end) return got;
	}
}

function listen(server) {
	return new Promise((done, no) => server.once('error', no).listen(0, '127.0.0.1', () => done(server.address().port)));
}

function whole(stream) {
	return new Promise((done, no) => {
		const parts = [];
		stream.on('data', (part) => parts.push(part)).on('error', no).on('end', () => done(Buffer.concat(parts)));
	});
}

// One request: {status, text, json}.
function ask(method, url, body, headers = {}) {
	return new Promise((done, no) => {
		const bytes = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
		const fields = bytes ? { 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers } : headers;
		const { hostname, port, pathname, search } = new URL(url);
		const req = http.request({ method, host: hostname === 'localhost' ? '127.0.0.1' : hostname, port, path: pathname + search, headers: fields, agent: false, timeout: 10000 },
			async (res) => {
				const text = (await whole(res)).toString();
				let json;
				try { json = JSON.parse(text); } catch { json = undefined; }
				done({ status: res.statusCode, text, json });
			});
		req.on('error', no).on('timeout', () => req.destroy(new Error(`${url} does not answer`))).end(bytes);
	});
}

// What concerns the Dataspace Protocol; the bytes of objects and what is between nodes alone is passed on and not kept.
const recorded = (target) => /^\/(dsp\/2025-1|\.well-known)\//.test(target);

class Nodes {
	constructor(program, directory) {
		Object.assign(this, { program, directory, traffic: [], children: [], servers: [] });
		process.once('exit', () => this.children.forEach((child) => child.kill('SIGKILL')));
		for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
	}

	keep(where, what, method, target, status, bytes, type) {
		if (bytes.length <= BODY_MAX) this.traffic.push({ where, what, method, path: target, status, type, text: bytes.toString() });
	}

	// A proxy in front of a node that listens on node.port.
	async proxy(node) {
		const server = http.createServer((req, res) => {
			const note = recorded(req.url);
			const on = http.request({ host: '127.0.0.1', port: node.port, method: req.method, path: req.url, headers: req.headers }, async (answer) => {
				res.writeHead(answer.statusCode, answer.rawHeaders);
				answer.pipe(res);
				if (note) this.keep(node.name, 'answer', req.method, req.url, answer.statusCode, await whole(answer), answer.headers['content-type']);
			});
			on.on('error', () => res.destroy());
			req.on('error', () => on.destroy()).pipe(on);
			if (note) whole(req).then((bytes) => bytes.length && this.keep(node.name, 'request', req.method, req.url, 0, bytes, req.headers['content-type'])).catch(() => {});
		});
		this.servers.push(server);
		return listen(server);
	}

	// {code, out, err} of a command.
	run(node, ...words) {
		return new Promise((done) => {
			const child = spawn(this.program, [words[0], '--data', node.data, ...words.slice(1)], { stdio: ['ignore', 'pipe', 'pipe'] });
			const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS);
			let out = '', err = '';
			child.stdout.on('data', (d) => { out += d; });
			child.stderr.on('data', (d) => { err += d; });
			child.on('close', (code) => {
				clearTimeout(timer);
				done({ code, out, err });
			});
		});
	}

	async told(node, ...words) {
		try { return JSON.parse((await this.run(node, ...words, '--json')).out); } catch { return undefined; }
	}

	// A node whose address is that of its proxy, while it listens elsewhere.
	async start(name, uscc) {
		const node = { name, data: path.join(this.directory, name) };
		node.public = await this.proxy(node);
		node.url = `http://localhost:${node.public}`;
		node.did = `did:web:localhost%3A${node.public}`;
		const made = await this.run(node, 'init', '--name', name, '--uscc', uscc, '--url', node.url, '--allow-loopback');
		if (made.code !== 0) throw new Error(`init: ${made.err}`);
		node.token = fs.readFileSync(path.join(node.data, 'keys/operator.token'), 'utf8').trim();
		node.vkey = (await this.run(node, 'log', 'vkey')).out.trim();
		const log = fs.openSync(path.join(this.directory, `${name}.log`), 'w');
		const child = spawn(this.program, ['serve', '--data', node.data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', log] });
		fs.closeSync(log);
		this.children.push(child);
		let said = '';
		child.stdout.on('data', (d) => { said += d; });
		node.port = Number(await until(() => (/ port (\d+)\n/.exec(said) || [])[1]));
		if (!node.port) throw new Error(`${name} does not serve: ${said}`);
		return node;
	}

	operate(node, method, target, body) {
		return ask(method, `http://127.0.0.1:${node.port}/api/v1${target}`, body, { Authorization: `Bearer ${node.token}` });
	}

	async join(a, b) {
		const line = (await this.run(a, 'invite')).out.trim();
		await this.run(b, 'join', line);
		const waiting = await until(async () => ((await this.told(a, 'inbox')) || {}).waiting?.[0]);
		if (!waiting) return false;
		await this.run(a, 'approve', waiting.id);
		return until(async () => /approved/.test((await this.run(b, 'party', 'list')).out));
	}

	// A plain connector: takes every callback with 200 and keeps it. Known to the node by a static bearer.
	async connector(node, name) {
		const c = { name, did: `did:example:${name}`, bearer: 'b'.repeat(40), came: [] };
		const server = http.createServer(async (req, res) => {
			const bytes = await whole(req).catch(() => Buffer.alloc(0));
			this.keep(name, 'request', req.method, req.url, 0, bytes, req.headers['content-type']);
			try { c.came.push({ path: req.url, message: JSON.parse(bytes.toString()) }); } catch { /* kept as it came */ }
			res.writeHead(200, { 'Content-Length': 0 }).end();
		});
		this.servers.push(server);
		c.url = `http://localhost:${await listen(server)}`;
		const file = path.join(this.directory, `${name}.bearer`);
		fs.writeFileSync(file, c.bearer + '\n', { mode: 0o600 });
		const added = await this.run(node, 'party', 'add-bearer', name, '--did', c.did, '--url', c.url, '--token-file', file);
		if (added.code !== 0) throw new Error(`add-bearer: ${added.err}`);
		c.say = (method, target, body, headers = { Authorization: `Bearer ${c.bearer}` }) => ask(method, `${node.url}/dsp/2025-1${target}`, body, headers);
		c.message = (type, more) => ({ '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'], '@type': type, ...more });
		c.take = (type) => until(() => c.came.find((m) => m.message['@type'] === type && !m.taken && (m.taken = true))?.message);
		return c;
	}

	async stop() {
		for (const child of this.children) {
			child.kill('SIGTERM');
			await until(() => child.exitCode !== null || child.signalCode !== null, 5000) || child.kill('SIGKILL');
		}
		for (const server of this.servers) {
			server.close();
			server.closeAllConnections();
		}
	}
}

module.exports = { Nodes, ask, until };
