"""Answers in the words of a language model: prompt, server or local model, reading what it writes, falling back."""
