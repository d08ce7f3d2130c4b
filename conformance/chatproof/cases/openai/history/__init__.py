"""Cases about the conversation that a client resends: does all of it reach the model, and nothing else?

They compare token counts, and texts for being the same; never meaning. So they work on any model. Histories keep the
order that strict chat templates demand: system first, then user and assistant in turn, a user last. Exchanges are
shared: one conversation is asked for once, and again only where another answer to it is the point. `ids` looks at all
answers of a run, and is imported last.
"""

from importlib import import_module

for _module in ("rounds", "apart", "own_text", "messages", "tools", "replay", "length"):
    import_module(f"chatproof.cases.openai.history.{_module}")
