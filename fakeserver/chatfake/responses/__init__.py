"""Open Responses: a request is read as a chat, and what is said to it is written as items and as events."""
