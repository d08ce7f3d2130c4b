// langchain's RunnableWithMessageHistory in Node.
import { load, serve } from "./driving.mjs";

const { RunnableWithMessageHistory } = await load("@langchain/core/runnables");
const { InMemoryChatMessageHistory } = await load("@langchain/core/chat_history");
const { ChatPromptTemplate, MessagesPlaceholder } = await load("@langchain/core/prompts");
const { ChatOpenAI } = await load("@langchain/openai");

class Chat {
  constructor({ base_url: baseURL, api_key: apiKey, model, system_prompt: system }) {
    const prompt = ChatPromptTemplate.fromMessages([
      ["system", "{system}"],
      new MessagesPlaceholder("history"),
      ["human", "{question}"],
    ]);
    const history = new InMemoryChatMessageHistory();
    this.system = system;
    this.chain = new RunnableWithMessageHistory({
      // its own six tries take minutes, and fail alike
      runnable: prompt.pipe(new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 2 })),
      getMessageHistory: () => history,
      inputMessagesKey: "question",
      historyMessagesKey: "history",
    });
  }

  async say(question, signal) {
    return (await this.chain.invoke({ question, system: this.system }, this.config(signal))).text;
  }

  async *stream(question, signal) {
    for await (const chunk of await this.chain.stream({ question, system: this.system }, this.config(signal))) yield chunk.text;
  }

  config(signal) {
    return { configurable: { sessionId: "chat" }, signal };
  }
}

await serve((setup) => new Chat(setup), "cancel");
