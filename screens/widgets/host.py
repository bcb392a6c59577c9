"""The box on the layer above the screen that dialogs stand in."""

from textual.containers import Vertical


class Host(Vertical):
    """Hidden until a dialog is put into it; then as large as the dialog and no larger, since it covers what
    is below."""

    DEFAULT_CSS = """
    Host { layer: over; position: absolute; width: 0; height: 0; display: none; }
    """
