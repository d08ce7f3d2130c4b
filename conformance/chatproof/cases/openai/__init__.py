"""The cases of an endpoint that speaks OpenAI's protocol."""
