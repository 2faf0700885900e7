"""Curated answers: written by staff, checked like any others, served where the question is the same."""
