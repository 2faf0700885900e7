"""The default writer: it selects and arranges sentences of the policies, and cannot invent."""
