"""How the network of the second reading is trained: prepare, begin, finish; each is run as a module."""
