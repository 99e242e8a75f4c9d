"""C expressions of a spec: parsed, typed against a kernel, and turned into guarded C.

text -> parse -> syntax -> annotate -> typed -> lower -> C statements, and a value for each field
"""
