// Vercel's AI SDK: the messages of the response are appended to the list.
import { load, serve } from "./driving.mjs";

const { generateText, streamText } = await load("ai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");

class Chat {
  constructor({ base_url: baseURL, api_key: apiKey, model, system_prompt: system }) {
    this.asked = { model: createOpenAICompatible({ name: "peer", baseURL, apiKey }).chatModel(model), system };
    this.messages = [];
  }

  async say(text, abortSignal) {
    this.messages.push({ role: "user", content: text });
    const { text: reply, response } = await generateText({ ...this.asked, messages: this.messages, abortSignal });
    this.messages.push(...response.messages);
    return reply;
  }

  async *stream(text, abortSignal) {
    this.messages.push({ role: "user", content: text });
    let failure;
    const onError = ({ error }) => (failure = error);
    const result = streamText({ ...this.asked, messages: this.messages, abortSignal, onError });
    yield* result.textStream;
    if (failure) throw failure; // it hands no error on to whoever reads the text
    this.messages.push(...(await result.response).messages);
  }
}

await serve((setup) => new Chat(setup), "cancel");
