"""Who answered: from the host, the folder or the server's name that a recording has to a vendor's name."""

from collections.abc import Mapping

__all__ = ["NOTES", "vendor_of"]

#: Hosts and server names as they are.
_EXACT: Mapping[str, str] = {
    "0.0.0.0:4000": "LiteLLM",
    "ai-gateway.vercel.sh": "Vercel AI Gateway",
    "api.avian.io": "Avian",
    "api.cerebras.ai": "Cerebras",
    "api.cloudflare.com": "Cloudflare",
    "api.deepseek.com": "DeepSeek",
    "api.groq.com": "Groq",
    "api.inference.crusoecloud.com": "Crusoe",
    "api.mistral.ai": "Mistral",
    "api.openai.com": "OpenAI",
    "api.openai.com (host redacted)": "OpenAI",
    "api.perplexity.ai": "Perplexity",
    "api.portkey.ai": "Portkey",
    "api.together.ai": "Together",
    "api.together.xyz": "Together",
    "api.writer.com": "Writer",
    "api.x.ai": "xAI",
    "api.z.ai": "Z.ai",
    "bedrock-mantle.us-east-1.api.aws": "Amazon Bedrock",
    "demo-endpoints.pydantic.workers.dev": "an echo, for tests",
    "generativelanguage.googleapis.com": "Gemini",
    "gpustack (host redacted)": "GPUStack",
    "localhost:11434": "Ollama",
    "localhost:5002": "an unnamed local proxy",
    "localhost:8000": "vLLM",
    "localhost:8080": "llama.cpp",
    "localhost:8787": "Pydantic AI Gateway",
    "ollama (host redacted)": "Ollama",
    "ollama.com": "Ollama",
    "openrouter.ai": "OpenRouter",
    "router.huggingface.co": "Hugging Face router",
    "us.inference.heroku.com": "Heroku",
    # servers on loopback
    "llama_cpp_python": "llama-cpp-python",
    "llamacpp": "llama.cpp",
    "llamacpp_emb": "llama.cpp",
    "portkey": "Portkey",
    "transformers": "transformers serve",
    "vllm": "vLLM",
    "vllm_emb": "vLLM",
    # fixtures
    "fixture:alibaba": "Alibaba",
    "fixture:azure": "Azure",
    "fixture:cerebras": "Cerebras",
    "fixture:deepseek": "DeepSeek",
    "fixture:groq": "Groq",
    "fixture:mistral": "Mistral",
    "fixture:moonshotai": "Moonshot",
    "fixture:openai": "OpenAI",
    "fixture:perplexity": "Perplexity",
    "fixture:unknown": "OpenAI",
    "fixture:xai": "xAI",
}
#: Ends of hosts that are one customer's.
_ENDS: Mapping[str, str] = {
    ".openai.azure.com": "Azure",
    ".services.ai.azure.com": "Azure",
    ".cognitiveservices.azure.com": "Azure",
    ".azuredatabricks.net": "Databricks",
    ".snowflakecomputing.com": "Snowflake",
}
#: Parts of a source that say more than the host beside it.
_SOURCES: Mapping[str, str] = {
    "huggingface/text-generation-inference:": "TGI",
    "__fixtures__/lmstudio": "LM Studio",
    "open-responses/src/responses/__fixtures__/openai": "OpenAI",
    "openai-compatible/src/chat/__fixtures__/xai": "xAI",
    "openai-compatible/src/chat/__fixtures__/anthropic": "an unnamed gateway to Anthropic",
}
_LOOPBACK = (
    "Recorded on loopback with a tiny model and the same 192 requests as its neighbours, some 100 of them wrong on "
    "purpose"
)
#: What else there is to know of where a provider's answers come from.
NOTES: Mapping[str, str] = {
    "Azure": "Models of OpenAI's, and on Foundry xAI's Grok.",
    "Avian": "One model, moonshotai/kimi-k2.5; all but the head of a stream has OpenRouter's form.",
    "Hugging Face router": "What it sends depends on the provider behind it: Together, Groq, Cerebras and others.",
    "LiteLLM": "The proxy, in front of OpenAI.",
    "Portkey": f"{_LOOPBACK}, as a gateway in front of llama.cpp; a few in front of OpenAI.",
    "Pydantic AI Gateway": "In front of OpenAI and Groq.",
    "TGI, fixtures": "Snapshots of its own tests.",
    "llama-cpp-python": f"{_LOOPBACK}.",
    "llama.cpp": f"{_LOOPBACK}; and cassettes of gpt-oss-20b.",
    "transformers serve": f"{_LOOPBACK}.",
    "vLLM": f"{_LOOPBACK}; and cassettes of 2025.",
}


def vendor_of(host: str, source: str) -> str:
    """The vendor's name; the host itself where it is none that we know."""
    for part, name in _SOURCES.items():
        if part in source:
            return name
    for end, name in _ENDS.items():
        if host.endswith(end):
            return name
    return _EXACT.get(host, host)
