"""A chat client, and chatproof's client protocol before it: a request a line on stdin, its answer a line on stdout."""

import json
import sys
import urllib.request


class Chat:
    """A list of messages, of which the last ten are sent with each new one."""

    def __init__(self, setup, messages=()):
        self.setup = setup
        self.messages = list(messages)

    def say(self, text):
        question = {"role": "user", "content": text}
        system = {"role": "system", "content": self.setup["system_prompt"]}
        body = {"model": self.setup["model"], "messages": [system, *self.messages[-10:], question]}
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.setup['api_key']}"}
        url = f"{self.setup['base_url']}/chat/completions"
        with urllib.request.urlopen(
            urllib.request.Request(url, json.dumps(body).encode(), headers)
        ) as answer:
            reply = json.load(answer)["choices"][0]["message"]["content"]
        if not isinstance(reply, str) or not reply:
            raise ValueError("the answer has no text")
        self.messages += [question, {"role": "assistant", "content": reply}]
        return reply


class Driver:
    """A method for each operation; what it gives back goes into the answer."""

    def open(self, request):
        self.setup, self.chats = request, {}
        return {"ok": True, "can": ["conversation", "clear", "fork", "load"]}

    def say(self, request):
        return {"reply": self.chat(request["conversation"]).say(request["text"])}

    def clear(self, request):
        self.chats.pop(request["conversation"], None)

    def fork(self, request):
        kept = self.chat(request["conversation"]).messages[: 2 * request["at"]]
        self.chats[request["new"]] = Chat(self.setup, kept)

    def load(self, request):
        self.chats[request["new"]] = Chat(self.setup, request["messages"])

    def close(self, request):
        self.chats.clear()

    def chat(self, name):
        return self.chats.setdefault(name, Chat(self.setup))


driver = Driver()
for line in sys.stdin:
    request = json.loads(line)
    operation = getattr(driver, request["op"], None)
    try:
        answer = operation(request) or {"ok": True} if operation else {"cannot": request["op"]}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
