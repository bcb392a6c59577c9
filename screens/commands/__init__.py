"""One module a family of commands; each is imported only when it is called, and none imports Textual."""
