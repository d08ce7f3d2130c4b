"""What a request comes with, the pipeline that answers it, and long polls of a journal."""
