// @openai/agents with a session in memory: `openai_agents.mjs chat` or `responses`, its default.
import { load, serve } from "./driving.mjs";

const { Agent, MemorySession, Runner, OpenAIProvider, setTracingDisabled } = await load("@openai/agents");

setTracingDisabled(true); // it sends its traces to a host, else
const useResponses = process.argv[2] === "responses";

class Chat {
  constructor({ base_url: baseURL, api_key: apiKey, model, system_prompt: instructions }) {
    this.runner = new Runner({ modelProvider: new OpenAIProvider({ baseURL, apiKey, useResponses }) });
    this.agent = new Agent({ name: "Assistant", instructions, model });
    this.session = new MemorySession();
  }

  async say(text, signal) {
    return (await this.runner.run(this.agent, text, { session: this.session, signal })).finalOutput;
  }

  async *stream(text, signal) {
    const result = await this.runner.run(this.agent, text, { session: this.session, signal, stream: true });
    yield* result.toTextStream();
    await result.completed;
  }
}

await serve((setup) => new Chat(setup), "cancel");
