"""What is measured, and the commands that measure it: see README.md beside this file."""
