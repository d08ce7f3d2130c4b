// What the programs in Node have in common: each reads cases from standard input, one JSON object a line, and writes
// what came of each. The client's packages are found in the folder that CHATPROOF_NODE names.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export const QUESTION = "Hello";
export const SECOND_QUESTION = "And now?";
export const WEATHER_QUESTION = "What is the weather in Oslo?";
export const WEATHER_PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
export const CITY = {
  type: "object",
  properties: { name: { type: "string" }, people: { type: "integer" } },
  required: ["name", "people"],
  additionalProperties: false,
};

export const getWeather = ({ city }) => `It is mild in ${city}.`;

const folder = process.env.CHATPROOF_NODE;
const { resolve } = createRequire(`${folder}/`);

/** A package of that folder. */
export const load = (name) => import(pathToFileURL(resolve(name)));

/** A text that came in pieces. */
export const streamed = (pieces, more = {}) => ({
  text: pieces.join(""),
  "in pieces": pieces.filter(Boolean).length > 1,
  ...more,
});

/** An error by its class, its status where it has one, and the class of what caused it. */
export function failed(error) {
  const inner = error?.lastError ?? error;
  const told = { error: error?.name === "Error" ? error.constructor.name : (error?.name ?? typeof error) };
  const status = inner?.status ?? inner?.statusCode;
  if (Number.isInteger(status)) told.status = status;
  const cause = error?.lastError ?? error?.cause;
  if (cause) told.cause = cause.name === "Error" ? cause.constructor.name : cause.name;
  // whether the program tripped over what the client handed on
  const frame = error?.stack?.split("\n").find((line) => /^\s+at (?!.*(node:|<anonymous>))/.test(line));
  if (frame?.includes(import.meta.dirname)) told.by = "program";
  return told;
}

/** Answers standard input until it ends. */
export async function report(name, verbs) {
  const { version } = JSON.parse(readFileSync(`${folder}/node_modules/${name}/package.json`, "utf8"));
  console.log(JSON.stringify({ version }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { case: named, verb, base_url: baseURL, api_key: apiKey, model } = JSON.parse(line);
    if (!(verb in verbs)) continue;
    const outcome = await verbs[verb]({ baseURL, apiKey, model }).catch(failed);
    console.log(JSON.stringify({ case: named, outcome }));
  }
}
