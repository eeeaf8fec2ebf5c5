// tests/conformance/messages.js PROGRAM DIRECTORY: what PROGRAM says against the public schemas in DIRECTORY, as TAP.
// Each message must be valid; with any one member taken out that it needs, it must not be (so that the check can fail).
'use strict';
const { execFileSync } = require('child_process');
const { schemas } = require('./schemas.js');

const [program, directory] = process.argv.slice(2);
const known = schemas(directory);

function schemaOf(line) {
	const name = line.schema === 'common/did-service' && line.message.type === 'DataService' ? 'common/data-service' : line.schema;
	return known.validator(name);
}

// A copy without the member, or null where there is no such member.
function without(message, pointer) {
	const copy = JSON.parse(JSON.stringify(message));
	const steps = pointer.split('/').slice(1);
	const last = steps.pop();
	const parent = steps.reduce((at, step) => (at === undefined ? undefined : at[step]), copy);
	if (parent === undefined || !(last in parent)) return null;
	delete parent[last];
	return copy;
}

// No array that we send is empty, whatever the schema allows.
function emptyArray(value) {
	if (Array.isArray(value) && value.length === 0) return true;
	return value !== null && typeof value === 'object' && Object.values(value).some(emptyArray);
}

let made = 0;
let failed = 0;
function ok(held, what, why) {
	console.log(`${held ? 'ok' : 'not ok'} ${++made} - ${what}`);
	if (!held) {
		failed++;
		console.log(`# ${why}`);
	}
}

const said = new Set();
for (const text of execFileSync(program, ['say'], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n').filter(Boolean)) {
	const line = JSON.parse(text);
	const validate = schemaOf(line);
	said.add(line.schema);
	if (!validate) {
		ok(false, line.name, 'no such schema');
		continue;
	}
	ok(validate(line.message), line.name, `${JSON.stringify(validate.errors)} ${text}`);
	ok(!emptyArray(line.message), `${line.name} has no empty array`, text);
	for (const pointer of line.needs) {
		const less = without(line.message, pointer);
		ok(less !== null && !validate(less), `${line.name} without ${pointer} is refused`, text);
	}
}
// Every message of the schemas is said; the other schemas are parts of messages.
const parts = ['common/context', 'negotiation/contract', 'transfer/data-address', 'transfer/transfer'];
for (const name of known.names) {
	if (!parts.includes(name)) ok(said.has(name), `${name} is said`, 'no message of this schema');
}
console.log(`1..${made}`);
process.exit(failed === 0 ? 0 : 1);
