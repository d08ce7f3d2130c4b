"""`chatproof chat`: the reference client as a program. What it keeps is in `chatproof.clients`."""
