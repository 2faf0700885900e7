"""Whether a sentence answers a question of yes or no with yes: learned from written questions.

`features` says what is seen of the two, `classifier` tells, `train` learns.
"""
