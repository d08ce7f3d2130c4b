// The openai SDK for Node and a list.
import { load, serve } from "./driving.mjs";

const { OpenAI } = await load("openai");

class Chat {
  constructor({ base_url: baseURL, api_key: apiKey, model, system_prompt: content }) {
    this.client = new OpenAI({ baseURL, apiKey });
    this.model = model;
    this.messages = [{ role: "system", content }];
  }

  async say(text, signal) {
    const { client, model, messages } = this;
    messages.push({ role: "user", content: text });
    const { message } = (await client.chat.completions.create({ model, messages }, { signal })).choices[0];
    messages.push(message);
    return message.content;
  }

  async *stream(text, signal) {
    const { client, model, messages } = this;
    messages.push({ role: "user", content: text });
    let reply = "";
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }, { signal })) {
      const piece = chunk.choices[0]?.delta?.content;
      if (!piece) continue;
      reply += piece;
      yield piece;
    }
    messages.push({ role: "assistant", content: reply });
  }
}

await serve((setup) => new Chat(setup), "cancel");
