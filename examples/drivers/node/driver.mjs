// Chat behind chatproof's client protocol: a request a line on stdin, its answer a line on stdout.
import { createInterface } from "node:readline";
import { Chat } from "./chat.mjs";

const can = ["conversation", "clear", "fork", "load", "cancel"];
let setup = {};
let chats = new Map(); // by the name of the conversation
const asks = new Map(); // those under way, by the id of the request

function chat(name, messages) {
  if (messages || !chats.has(name)) chats.set(name, new Chat({ ...setup, messages }));
  return chats.get(name);
}

const ops = {
  open({ base_url: url, api_key: key, model, system_prompt: system }) {
    setup = { url, key, model, system };
    chats = new Map();
    return { ok: true, can };
  },
  async say({ id, conversation, text }) {
    const ask = new AbortController();
    asks.set(id, ask);
    return { reply: await chat(conversation).say(text, ask.signal) };
  },
  cancel({ of }) {
    asks.get(of)?.abort();
  },
  clear({ conversation }) {
    chats.delete(conversation);
  },
  fork({ conversation, at, new: name }) {
    chat(name, chat(conversation).messages.slice(0, 2 * at));
  },
  load({ messages, new: name }) {
    chat(name, [...messages]);
  },
  close() {
    chats.clear();
  },
};

async function answer(request) {
  if (!ops[request.op]) return { cannot: `there is no ${request.op}` };
  try {
    return (await ops[request.op](request)) ?? { ok: true };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  // not awaited: another request may come while this one is under way
  answer(request).then((said) => console.log(JSON.stringify({ id: request.id, ...said })));
}
