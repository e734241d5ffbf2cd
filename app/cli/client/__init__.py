"""The commands that speak to a Vitae server, this machine's or any other.

Most are made of `commands.json`, which is printed from the same walk over the schema as REST and
MCP (`catalogue.py`), so that a new operation is a new command. Nothing here imports the server:
a command begins within a quarter of a second.
"""
