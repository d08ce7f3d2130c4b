// A program on Vercel's AI SDK: chat by @ai-sdk/openai-compatible, the Responses API by @ai-sdk/openai, whose default
// it is.
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

const ai = await load("ai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
const { createOpenAI } = await load("@ai-sdk/openai");

const compatible = ({ baseURL, apiKey }) =>
  createOpenAICompatible({ name: "peer", baseURL, apiKey, supportsStructuredOutputs: true });
const chat = (at) => compatible(at).chatModel(at.model);
const response = ({ baseURL, apiKey, model }) => createOpenAI({ baseURL, apiKey })(model);

const tools = {
  get_weather: ai.tool({ inputSchema: ai.jsonSchema(WEATHER_PARAMETERS), execute: async (given) => getWeather(given) }),
};
const loop = { tools, stopWhen: ai.stepCountIs(3), prompt: WEATHER_QUESTION };

async function told(asked) {
  const { text, toolCalls } = await ai.generateText(asked);
  return { text, ...(toolCalls.length && { calls: toolCalls.map(({ toolName, input }) => [toolName, JSON.stringify(input)]) }) };
}

async function pieces(asked) {
  const found = [];
  const errors = [];
  const { textStream, finishReason } = ai.streamText({ ...asked, onError: ({ error }) => errors.push(error) });
  for await (const piece of textStream) found.push(piece);
  // it hands no error on to whoever reads the text
  const told = errors.map((error) => error?.name ?? typeof error);
  return streamed(found, { finish: await finishReason.catch((error) => error.name), ...(told.length && { "told aside": told }) });
}

async function history(at) {
  const messages = [{ role: "user", content: QUESTION }];
  const first = await ai.generateText({ model: chat(at), messages });
  messages.push(...first.response.messages, { role: "user", content: SECOND_QUESTION });
  return told({ model: chat(at), messages });
}

async function structured(at) {
  const output = ai.Output.object({ schema: ai.jsonSchema(CITY), name: "City" });
  return { object: (await ai.generateText({ model: chat(at), prompt: QUESTION, output })).output };
}

async function embed(at) {
  const model = compatible(at).textEmbeddingModel("text-embedding-3-small");
  const { embeddings } = await ai.embedMany({ model, values: ["Hello", "Hello", "Rain"] });
  const [first, second, other] = embeddings.map((one) => one.join());
  return { lengths: embeddings.map((one) => one.length), alike: first === second && first !== other };
}

await report("ai", {
  say: (at) => told({ model: chat(at), prompt: QUESTION }),
  stream: (at) => pieces({ model: chat(at), prompt: QUESTION }),
  history,
  tools: (at) => told({ model: chat(at), ...loop }),
  "tools stream": (at) => pieces({ model: chat(at), ...loop }),
  structured,
  embed,
  responses: (at) => told({ model: response(at), prompt: QUESTION }),
  "responses stream": (at) => pieces({ model: response(at), prompt: QUESTION }),
  "responses tools": (at) => told({ model: response(at), ...loop }),
});
