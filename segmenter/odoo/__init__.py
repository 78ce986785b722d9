"""The only package that talks to a server: wire (XML-RPC under odoorpc), reader, writer, catalog, preflight."""
