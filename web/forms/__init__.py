"""Forms: from JSON Schema to fields on a page (`render`), and from posted fields back to typed values (`parse`).

Nothing here decides whether the values are good enough: the engine is asked that.
"""
