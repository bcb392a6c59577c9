"""Widgets drawn with Textual's line API: plain text in, few style runs out, only changed lines repainted."""
