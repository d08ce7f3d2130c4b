// chatproof's client protocol (docs/client-protocol.md) before a client in Node, with nothing but what Node has. The client's
// packages are found in the folder that CHATPROOF_NODE names.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(`${process.env.CHATPROOF_NODE}/`);

/** A package of that folder. */
export const load = (name) => import(pathToFileURL(resolve(name)));

const write = (id, answer) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);

/**
 * Answers standard input until it ends. `make(setup, name)` makes the chat of a conversation, which has `say(text, signal)`,
 * and `stream(text, signal)`, a generator of pieces, where it streams; `can` says what it is able to besides.
 */
export async function serve(make, ...can) {
  let setup = {};
  let chats = new Map();
  const asks = new Map();
  const chat = (name) => chats.get(name) ?? chats.set(name, make(setup, name)).get(name);
  const ops = {
    open(request) {
      setup = request;
      chats = new Map();
      return { ok: true, can: ["conversation", ...("stream" in chat("a") ? ["stream"] : []), ...can] };
    },
    async say({ id, conversation, text, stream }) {
      const one = chat(conversation);
      const { signal } = asks.set(id, new AbortController()).get(id);
      if (!stream || !("stream" in one)) return { reply: (await one.say(text, signal)) ?? null };
      let reply = "";
      for await (const piece of one.stream(text, signal)) {
        write(id, { piece });
        reply += piece;
      }
      return { reply };
    },
    cancel: ({ of }) => (asks.get(of)?.abort(), { ok: true }),
    close: () => ({ ok: true }),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, op, ...request } = JSON.parse(line);
    const answered = async () => (op in ops ? ops[op]({ id, ...request }) : { cannot: op });
    answered().then((answer) => write(id, answer), (error) => write(id, { error: String(error) }));
  }
}
