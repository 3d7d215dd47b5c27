"""What a user can do, one function a task; the only room that knows both files and rules."""
