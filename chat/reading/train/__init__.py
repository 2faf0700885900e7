"""How the network of the second reading is trained: prepare, begin, finish, settle; each is run as a module."""
