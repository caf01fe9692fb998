"""The read side: what pages ask of the database. Nothing here writes, and nothing here is needed to move a case.

Each query has a name and says which index carries it. Rows come back as mappings of plain values; JSON columns are
already read where the query's docstring says so.
"""
