// Judges values by our schemas with Ajv in strict mode: {folder, schemas, cases: [[$id, value], …]} on standard
// input, {version, verdicts: [true, …]} on standard output. `folder` is the one that holds node_modules.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");

const { folder, schemas, cases } = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(folder + "/");
const Ajv2020 = load("ajv/dist/2020");
const { version } = load("ajv/package.json");

// strict: an unknown keyword, or one that its type has no use for, is an error
const ajv = new Ajv2020({ strict: true, validateSchema: true });
for (const schema of schemas) ajv.addSchema(schema);
const verdicts = cases.map(([id, value]) => ajv.validate(id, value));
process.stdout.write(JSON.stringify({ version, verdicts }));
