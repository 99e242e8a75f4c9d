"""What the kit knows -> what a person or a program reads: one file a form."""
