"""What the check of an answer is made of: one module for each thing that a statement may get wrong."""
