// tests/conformance/schemas.js: the public schemas of the Dataspace Protocol in a directory, compiled.
'use strict';
const fs = require('fs');
const path = require('path');
const Ajv = require('ajv/dist/2019');
const addFormats = require('ajv-formats');

const base = 'https://w3id.org/dspace/2025/1/';
const folders = ['catalog', 'common', 'negotiation', 'transfer'];

// {names: such as `catalog/catalog`, validator(name)}; `common/data-service` beside them is ours, see below.
function schemas(directory) {
	const ajv = new Ajv({ strict: false, allErrors: true });
	addFormats(ajv);
	const names = [];
	for (const folder of folders) {
		for (const file of fs.readdirSync(path.join(directory, folder)).filter((name) => name.endsWith('-schema.json'))) {
			// Three references lack the slash of a JSON pointer (`#definitions/...`).
			const text = fs.readFileSync(path.join(directory, folder, file), 'utf8').replace(/#definitions\//g, '#/definitions/');
			ajv.addSchema(JSON.parse(text));
			names.push(`${folder}/${file.replace('-schema.json', '')}`);
		}
	}
	// The pattern of the endpoint is that of CatalogService; for DataService the public example breaks it as well.
	const anyService = JSON.parse(JSON.stringify(ajv.getSchema(base + 'common/did-service-schema.json').schema));
	anyService.$id = base + 'common/data-service-schema.json';
	delete anyService.definitions.DidService.properties.serviceEndpoint.pattern;
	ajv.addSchema(anyService);
	return { names, validator: (name) => ajv.getSchema(`${base}${name}-schema.json`) };
}

module.exports = { schemas };
