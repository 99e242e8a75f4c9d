"""C expressions of a spec: parsed, typed against a kernel, and turned into guarded C.

text -> syntax/ -> tree as written -> typing/ -> typed tree -> c/ -> C trees -> statements, and a value for each field

Each folder knows only those before it: syntax, typing, c, fields, builtins. What a node of the typed tree is in C,
what kind of field it becomes, and what its local is called are functions that the later folders add to
(`functools.singledispatch`): a function of the language, in builtins/, brings its typing and its C in one file.
read.py and lower.py stand on top: a text -> a typed tree, and an event's typed trees -> C.
"""
