"""Who may do what: accounts of staff and their sessions; keys, tokens and limits of everybody else."""
