// A program on the openai SDK for Node.
import {
  CITY,
  QUESTION,
  SECOND_QUESTION,
  WEATHER_PARAMETERS,
  WEATHER_QUESTION,
  getWeather,
  load,
  report,
  streamed,
} from "./reporting.mjs";

const { OpenAI } = await load("openai");

const ASKED = [{ role: "user", content: QUESTION }];
const TOOL = { type: "function", function: { name: "get_weather", parameters: WEATHER_PARAMETERS } };

const client = ({ baseURL, apiKey }) => new OpenAI({ baseURL, apiKey });

function told(completion) {
  const { content, tool_calls: calls, refusal } = completion.choices[0].message;
  return {
    text: content,
    ...(calls && { calls: calls.map(({ function: { name, arguments: given } }) => [name, given]) }),
    ...(refusal && { refusal }),
  };
}

const results = ({ tool_calls: calls }) =>
  calls.map(({ id, function: { arguments: given } }) => ({
    role: "tool",
    tool_call_id: id,
    content: getWeather(JSON.parse(given)),
  }));

const create = (at, messages, more) =>
  client(at).chat.completions.create({ model: at.model, messages, ...more });

async function pieces(at, messages, more) {
  const found = [];
  for await (const chunk of await create(at, messages, { stream: true, ...more }))
    found.push(chunk.choices[0]?.delta.content ?? "");
  return streamed(found);
}

const say = async (at) => told(await create(at, ASKED));

async function history(at) {
  const first = (await create(at, ASKED)).choices[0].message;
  return told(await create(at, [...ASKED, first, { role: "user", content: SECOND_QUESTION }]));
}

async function tools(at) {
  const messages = [{ role: "user", content: WEATHER_QUESTION }];
  const first = (await create(at, messages, { tools: [TOOL] })).choices[0].message;
  return told(await create(at, [...messages, first, ...results(first)], { tools: [TOOL] }));
}

async function toolsStream(at) {
  const messages = [{ role: "user", content: WEATHER_QUESTION }];
  const stream = client(at).chat.completions.stream({ model: at.model, messages, tools: [TOOL] });
  const { role, content, tool_calls: calls } = (await stream.finalChatCompletion()).choices[0].message;
  const first = { role, content, tool_calls: calls.map(({ id, type, function: { name, arguments: given } }) => ({ id, type, function: { name, arguments: given } })) };
  return pieces(at, [...messages, first, ...results(first)], { tools: [TOOL] });
}

async function structured(at) {
  const format = { type: "json_schema", json_schema: { name: "City", schema: CITY, strict: true } };
  const answer = await client(at).chat.completions.parse({
    model: at.model,
    messages: ASKED,
    response_format: format,
  });
  return { object: JSON.parse(answer.choices[0].message.content) };
}

async function embed(at) {
  const input = ["Hello", "Hello", "Rain"];
  const { data } = await client(at).embeddings.create({ model: "text-embedding-3-small", input });
  const [first, second, other] = data.map(({ embedding }) => embedding.join());
  return { lengths: data.map(({ embedding }) => embedding.length), alike: first === second && first !== other };
}

async function models(at) {
  const found = [];
  for await (const { id } of client(at).models.list()) found.push(id);
  return { models: found.sort().slice(0, 3) };
}

async function responses(at) {
  const { output, output_text: text } = await client(at).responses.create({ model: at.model, input: QUESTION });
  const refusal = output.flatMap(({ content }) => content ?? []).find(({ type }) => type === "refusal");
  return { text, ...(refusal && { refusal: refusal.refusal }) };
}

async function responsesStream(at) {
  const found = [];
  const events = await client(at).responses.create({ model: at.model, input: QUESTION, stream: true });
  for await (const event of events) if (event.type === "response.output_text.delta") found.push(event.delta);
  return streamed(found);
}

async function responsesTools(at) {
  const tool = { type: "function", name: "get_weather", parameters: WEATHER_PARAMETERS, strict: true };
  const asked = { model: at.model, tools: [tool] };
  const input = [{ role: "user", content: WEATHER_QUESTION }];
  const first = await client(at).responses.create({ ...asked, input });
  const calls = first.output.filter(({ type }) => type === "function_call");
  const outputs = calls.map(({ call_id, arguments: given }) => ({
    type: "function_call_output",
    call_id,
    output: getWeather(JSON.parse(given)),
  }));
  const second = await client(at).responses.create({ ...asked, input: [...input, ...first.output, ...outputs] });
  return { text: second.output_text };
}

await report("openai", {
  say,
  stream: (at) => pieces(at, ASKED),
  history,
  tools,
  "tools stream": toolsStream,
  structured,
  embed,
  models,
  responses,
  "responses stream": responsesStream,
  "responses tools": responsesTools,
});
