// A chat client: a list of messages, of which the last ten are sent with each new one.
export class Chat {
  constructor({ url, key, model, system, messages = [] }) {
    this.setup = { url, key, model, system };
    this.messages = messages;
  }

  async say(text, signal) {
    const { url, key, model, system } = this.setup;
    const question = { role: "user", content: text };
    const history = this.messages.slice(-10);
    const answer = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model,
        messages: [{ role: "system", content: system }, ...history, question],
      }),
      signal,
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const reply = (await answer.json()).choices?.[0]?.message?.content;
    if (typeof reply !== "string" || !reply) throw new Error("the answer has no text");
    this.messages.push(question, { role: "assistant", content: reply });
    return reply;
  }
}
