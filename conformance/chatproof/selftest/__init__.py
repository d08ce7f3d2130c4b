"""The judge judged: clients with one believable mistake each, and right ones that are unusual."""
